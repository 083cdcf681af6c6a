import type { Address } from "@stoa/protocol";
import type { Queryable } from "../database/database.ts";

/** All that is set aside of a requester's money: what orders hold, and what budgets have left. */
export async function sumSetAside(database: Queryable, requester: Address): Promise<bigint> {
  const [row] = await database.query<{ amount: bigint }>(
    `select coalesce(sum(amount), 0) as amount from balances
      where split_part(split_part(account, ':', 2), '/', 1) = $1 and split_part(account, ':', 1) in ('held', 'earmarked')`,
    [requester],
  );
  return row?.amount ?? 0n;
}
