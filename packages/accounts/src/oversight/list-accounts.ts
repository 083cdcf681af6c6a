import type { Address, Role } from "@stoa/protocol";
import type { AccountsContext } from "../accounts-context.ts";

export interface AccountRow {
  id: string;
  /** Null for one that signs in without a wallet. */
  address: Address | null;
  roles: Role[];
  suspendedFor: string | null;
  createdAt: number;
}

export interface AccountFilter {
  id?: string | undefined;
  address?: Address | undefined;
  role?: Role | undefined;
  suspended?: boolean | undefined;
  /** Where the page starts: epoch milliseconds and id of the one before. */
  after?: { at: number; id: string } | undefined;
  limit: number;
}

/** Accounts, the newest first. */
export function listAccounts({ database }: AccountsContext, filter: AccountFilter): Promise<AccountRow[]> {
  const { id, address, role, suspended, after, limit } = filter;
  return database.query<AccountRow>(
    `select accounts.id, first.address, accounts.roles, accounts.suspended_for as "suspendedFor",
            accounts.created_at as "createdAt"
       from accounts left join lateral (
         select address from wallets where account_id = accounts.id and kind = 'ethereum'
          order by is_primary desc, created_at limit 1
       ) as first on true
      where ($1::text is null or accounts.id = $1)
        and ($2::text is null or accounts.id in (select account_id from wallets where address = $2))
        and ($3::text is null or $3 = any(accounts.roles))
        and ($4::boolean is null or (accounts.suspended_for is not null) = $4)
        and ($5::timestamptz is null or (date_trunc('milliseconds', accounts.created_at), accounts.id) < ($5, $6::text))
      order by date_trunc('milliseconds', accounts.created_at) desc, accounts.id desc limit $7`,
    [
      id ?? null,
      address ?? null,
      role ?? null,
      suspended ?? null,
      after === undefined ? null : new Date(after.at),
      after?.id ?? null,
      limit,
    ],
  );
}
