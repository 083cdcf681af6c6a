import type { Address } from "@stoa/protocol";
import type { Queryable } from "../database/database.ts";

/** All that is set aside of requesters' money: what orders hold, and what budgets have left; nothing is missing, not zero. */
export async function sumSetAside(
  database: Queryable,
  requesters: readonly Address[],
): Promise<ReadonlyMap<Address, bigint>> {
  const rows = await database.query<{ owner: Address; amount: bigint }>(
    `select split_part(split_part(account, ':', 2), '/', 1) as owner, sum(amount) as amount from balances
      where split_part(split_part(account, ':', 2), '/', 1) = any($1::text[])
        and split_part(account, ':', 1) in ('held', 'earmarked')
      group by owner`,
    [requesters],
  );
  return new Map(rows.map(({ owner, amount }) => [owner, amount]));
}
