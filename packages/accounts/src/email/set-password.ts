import { randomUUID } from "node:crypto";
import type { Queryable } from "@stoa/store";
import { PASSWORD_PROVIDER } from "./find-password.ts";

/** Gives an account a password, by its hash, in the place of the one it has. */
export async function setPassword(
  tx: Queryable,
  { accountId, passwordHash, now }: { accountId: string; passwordHash: string; now: number },
): Promise<void> {
  await tx.query(
    `insert into credentials (id, account_id, provider_id, provider_account_id, password, created_at, updated_at)
     values ($1, $2, $3, $2, $4, $5, $5)
     on conflict (provider_id, provider_account_id) do update set password = $4, updated_at = $5`,
    [randomUUID(), accountId, PASSWORD_PROVIDER, passwordHash, new Date(now)],
  );
}
