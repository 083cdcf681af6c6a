import type { Address } from "@stoa/protocol";
import type { StandingBond } from "../connect-bonds.ts";

/** What a requester's balance lacks of all that is held for it, until its order can no longer be settled. */
export interface Shortfall {
  requester: Address;
  lacking: bigint;
  settleByMs: number;
}

/** Whether the operator's bond makes up for a shortfall, beside those that a node relies on it for already. */
export type BondCovers = (shortfall: Shortfall, nowMs: number) => Promise<boolean>;

/**
 * Keeps account of what a node relies on the bond for, so that no part of it covers two orders. It is not remembered over a
 * restart.
 * @param readBond null when the chain is away; then nothing more is relied on
 */
export function createBondReliance(readBond: () => Promise<StandingBond | null>): BondCovers {
  // Holds are cumulative: a requester's newest one says what its earlier orders lack as well.
  const relied = new Map<Address, Shortfall>();

  return async (shortfall, nowMs) => {
    const bond = await readBond();
    if (bond === null || shortfall.settleByMs > bond.untilMs) return false;
    let others = 0n;
    for (const [requester, { lacking, settleByMs }] of relied) {
      if (settleByMs < nowMs) relied.delete(requester);
      else if (requester !== shortfall.requester) others += lacking;
    }
    if (others + shortfall.lacking > bond.amount) return false;
    const before = relied.get(shortfall.requester)?.settleByMs ?? 0;
    relied.set(shortfall.requester, { ...shortfall, settleByMs: Math.max(before, shortfall.settleByMs) });
    return true;
  };
}
