import { type SessionTokens, StoaError } from "@stoa/protocol";
import type { Queryable } from "@stoa/store";
import type { AccountsContext } from "../accounts-context.ts";
import { SESSION_SECONDS } from "../library.ts";
import { issueTokens, refreshTokenHash } from "./issue-tokens.ts";

/**
 * Trades a refresh token for the next pair. A token that was traded before is in two hands: its session ends.
 * @throws {StoaError} `unauthorized` when the token is unknown, expired or was used before
 */
export async function refreshSession(context: AccountsContext, refreshToken: string): Promise<SessionTokens> {
  const hash = refreshTokenHash(refreshToken);
  const tokens = await context.database.transaction((tx) => trade(context, tx, hash));
  if (tokens) return tokens;
  const [reused] = await context.database.query<{ account_id: string }>(
    "delete from sessions where id = (select session_id from refresh_tokens where hash = $1 and used_at is not null) returning account_id",
    [hash],
  );
  if (reused) {
    context.liveSessions.forget(reused.account_id);
    throw new StoaError("unauthorized", "the refresh token was used before: its session has ended, sign in again");
  }
  throw new StoaError("unauthorized", "the refresh token is unknown or expired: sign in again");
}

async function trade(context: AccountsContext, tx: Queryable, hash: string): Promise<SessionTokens | undefined> {
  const now = context.now();
  const [used] = await tx.query<{ session_id: string }>(
    "update refresh_tokens set used_at = $2 where hash = $1 and used_at is null and expires_at > $2 returning session_id",
    [hash, new Date(now)],
  );
  if (!used) return undefined;
  await tx.query("delete from refresh_tokens where session_id = $1 and expires_at <= $2", [
    used.session_id,
    new Date(now),
  ]);
  return issueTokens(context, tx, used.session_id, now + SESSION_SECONDS * 1000);
}
