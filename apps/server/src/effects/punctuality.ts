import type { Address } from "@stoa/protocol";

/** docs/auction.md: a node late in over a tenth of its last hundred rounds is asked, but not waited for. */
const ROUNDS = 100;
const MOST_LATE = 10;

/** How often each node answered within half the window, over its last rounds. */
export class Punctuality {
  readonly #late = new Map<Address, boolean[]>();

  record(node: Address, inTime: boolean): void {
    const rounds = this.#late.get(node) ?? [];
    rounds.push(!inTime);
    if (rounds.length > ROUNDS) rounds.shift();
    this.#late.set(node, rounds);
  }

  isPunctual(node: Address): boolean {
    return (this.#late.get(node) ?? []).filter(Boolean).length <= MOST_LATE;
  }
}
