import { chainAccount, type LedgerAccount, type Transfer } from "@stoa/core";
import type { WorkingSet } from "../lane/working-set.ts";
import type { VaultDrift } from "./vault-drift.ts";

/**
 * What the chain took out of accounts, as transfers to `chain`. What an account lacks is owed by it: the chain's word
 * stands whatever the ledger has.
 */
export function takeOrOwe(
  set: WorkingSet,
  { overdrafts }: VaultDrift,
  amounts: readonly (readonly [LedgerAccount, bigint])[],
): Transfer[] {
  const totals = new Map<LedgerAccount, bigint>();
  for (const [account, amount] of amounts) totals.set(account, (totals.get(account) ?? 0n) + amount);
  return [...totals].flatMap(([account, amount]) => {
    const left = set.book.balance(account);
    const taken = left < amount ? left : amount;
    if (taken < amount) overdrafts.set(account, (overdrafts.get(account) ?? 0n) + amount - taken);
    return taken > 0n ? [{ from: account, to: chainAccount, amount: taken }] : [];
  });
}

/** Repays what accounts owe from what came free. `place` names the block. */
export function repayOverdrafts(set: WorkingSet, { overdrafts }: VaultDrift, place: string): void {
  for (const [account, owed] of overdrafts) {
    const left = set.book.balance(account);
    const amount = left < owed ? left : owed;
    if (amount <= 0n) continue;
    overdrafts.set(account, owed - amount);
    set.post({
      id: `repay:${place}:${account}`,
      kind: "repay",
      taskId: null,
      transfers: [{ from: account, to: chainAccount, amount }],
    });
  }
}
