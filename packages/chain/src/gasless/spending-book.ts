import type { Address } from "@stoa/protocol";

/** Counts what a sponsor promised to pay, in wei a day. Several processes of one sponsor share one. */
export interface SpendingBook {
  /**
   * Adds `cost` to an account's day and to everybody's, unless either would pass its budget: then nothing changes.
   * @param day since 1970
   */
  spend(account: Address, day: number, cost: bigint, budgets: SpendingBudgets): Promise<boolean>;
}

/** In wei. */
export interface SpendingBudgets {
  perAccount: bigint;
  perDay: bigint;
}

/** A book in memory: who starts anew has the contract's own count to hold it to its budgets. */
export function memorySpendingBook(): SpendingBook {
  let today = 0;
  let inAll = 0n;
  const spent = new Map<string, bigint>();
  return {
    async spend(account, day, cost, { perAccount, perDay }) {
      if (day > today) {
        [today, inAll] = [day, 0n];
        spent.clear();
      }
      const name = account.toLowerCase();
      const next = (spent.get(name) ?? 0n) + cost;
      if (next > perAccount || inAll + cost > perDay) return false;
      spent.set(name, next);
      inAll += cost;
      return true;
    },
  };
}
