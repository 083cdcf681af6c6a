import type { Address } from "@stoa/protocol";
import type { Queryable } from "@stoa/store";

/**
 * Whether the chain lets an owner take more than the ledger has free. What orders hold is safe then, since they settle
 * before the withdrawal's delay is over; an order made now, from a budget set aside earlier, would not be.
 */
export async function isWithdrawing(tx: Queryable, owner: Address): Promise<boolean> {
  return (await tx.query("select 1 from debts where owner = $1", [owner])).length > 0;
}
