import { createHash, randomBytes } from "node:crypto";
import { type SessionTokens, StoaError } from "@stoa/protocol";
import type { Queryable } from "@stoa/store";
import type { AccountsContext } from "../accounts-context.ts";
import { ACCESS_SECONDS, signAccessToken } from "./access-token.ts";
import { findAccount } from "./find-account.ts";

/** A refresh token is kept only by its hash. */
export function refreshTokenHash(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

/** Gives a session its next pair of tokens, and the session itself life until `expiresAt` (epoch milliseconds). */
export async function issueTokens(
  context: AccountsContext,
  tx: Queryable,
  sessionId: string,
  expiresAt: number,
): Promise<SessionTokens> {
  const [session] = await tx.query<{ account_id: string; suspended_for: string | null }>(
    `update sessions set expires_at = $2, updated_at = $3 where id = $1
     returning account_id, (select suspended_for from accounts where id = account_id)`,
    [sessionId, new Date(expiresAt), new Date(context.now())],
  );
  if (session && session.suspended_for !== null)
    throw new StoaError("suspended", `the account is suspended: ${session.suspended_for}`);
  if (!session) throw new StoaError("unauthorized", "the session has ended: sign in again");
  const refreshToken = randomBytes(32).toString("base64url");
  await tx.query("insert into refresh_tokens (hash, session_id, expires_at) values ($1, $2, $3)", [
    refreshTokenHash(refreshToken),
    sessionId,
    new Date(expiresAt),
  ]);
  const { id, address, roles } = await findAccount(tx, session.account_id);
  const accessToken = await signAccessToken(context, id, sessionId);
  return { accessToken, refreshToken, expiresIn: ACCESS_SECONDS, account: { id, address, roles } };
}
