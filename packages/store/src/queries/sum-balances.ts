import type { Address } from "@stoa/protocol";
import type { Queryable } from "../database/database.ts";

export interface AccountBalances {
  available: bigint;
  held: bigint;
  earmarked: bigint;
  withdrawing: bigint;
  staked: bigint;
  unstaking: bigint;
  bonded: bigint;
}

/** What the ledger says of an owner: its own accounts, and those of all its nodes together. */
export async function sumBalances(database: Queryable, owner: Address): Promise<AccountBalances> {
  const [row] = await database.query<AccountBalances>(
    `with mine as (
       select split_part(account, ':', 1) as book, amount
         from balances where split_part(split_part(account, ':', 2), '/', 1) = $1
     )
     select coalesce(sum(amount) filter (where book = 'available'), 0) as available,
            coalesce(sum(amount) filter (where book = 'held'), 0) as held,
            coalesce(sum(amount) filter (where book = 'earmarked'), 0) as earmarked,
            coalesce(sum(amount) filter (where book = 'withdrawing'), 0) as withdrawing,
            coalesce(sum(amount) filter (where book = 'staked'), 0) as staked,
            coalesce(sum(amount) filter (where book = 'unstaking'), 0) as unstaking,
            coalesce(sum(amount) filter (where book = 'bonded'), 0) as bonded
       from mine`,
    [owner],
  );
  return row!;
}
