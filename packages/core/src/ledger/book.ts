import type { LedgerAccount } from "./accounts.ts";
import { entriesOf, type Entry, type Posting } from "./postings.ts";

/** A posting that would take an account below zero. */
export interface Shortfall {
  account: LedgerAccount;
  balance: bigint;
  needed: bigint;
}

/**
 * The balances a batch of operations works on. Postings apply one after another, so several operations of one
 * account are checked against what the earlier ones left.
 */
export class Book {
  readonly #balances: Map<LedgerAccount, bigint>;
  readonly #applied: Posting[] = [];
  readonly #moved = new Map<LedgerAccount, bigint>();

  constructor(balances: Iterable<readonly [LedgerAccount, bigint]>) {
    this.#balances = new Map(balances);
  }

  balance(account: LedgerAccount): bigint {
    return this.#balances.get(account) ?? 0n;
  }

  /** The first account a posting would overdraw; undefined when it fits. */
  shortfall(posting: Posting): Shortfall | undefined {
    return this.#shortfall(entriesOf(posting));
  }

  #shortfall(entries: readonly Entry[]): Shortfall | undefined {
    for (const { account, amount } of entries) {
      const balance = this.balance(account);
      if (account !== "chain" && balance + amount < 0n) return { account, balance, needed: -amount };
    }
    return undefined;
  }

  /**
   * Applies a posting whole.
   * @throws {RangeError} when it would overdraw an account: ask {@link shortfall} first
   */
  post(posting: Posting): void {
    const entries = entriesOf(posting);
    const short = this.#shortfall(entries);
    if (short)
      throw new RangeError(`${posting.id} needs ${short.needed} of ${short.account}, which has ${short.balance}`);
    for (const { account, amount } of entries) {
      this.#balances.set(account, this.balance(account) + amount);
      this.#moved.set(account, (this.#moved.get(account) ?? 0n) + amount);
    }
    this.#applied.push(posting);
  }

  /** Every posting applied since the book was opened, in order. */
  get applied(): readonly Posting[] {
    return this.#applied;
  }

  /** What all of them together changed of each account; zero where they cancel out. */
  get moved(): ReadonlyMap<LedgerAccount, bigint> {
    return this.#moved;
  }
}
