import { randomBytes, randomUUID } from "node:crypto";
import type { SessionTokens } from "@stoa/protocol";
import type { Queryable } from "@stoa/store";
import type { AccountsContext } from "../accounts-context.ts";
import { SESSION_SECONDS } from "../library.ts";
import { type Client, shownUserAgent } from "./client.ts";
import { issueTokens } from "./issue-tokens.ts";

/** Signs an account in: a session, and its first pair of tokens. Whoever calls has checked who it is. */
export async function startSession(
  context: AccountsContext,
  tx: Queryable,
  { accountId, client }: { accountId: string; client: Client },
): Promise<SessionTokens> {
  const now = context.now();
  const expiresAt = now + SESSION_SECONDS * 1000;
  const id = randomUUID();
  await tx.query("delete from sessions where expires_at < $1", [new Date(now)]);
  await tx.query(
    `insert into sessions (id, account_id, token, ip_address, user_agent, expires_at, created_at, updated_at)
     values ($1, $2, $3, $4, $5, $6, $7, $7)`,
    [
      id,
      accountId,
      // The sign-in library would know the session by this; nobody is told it.
      randomBytes(32).toString("base64url"),
      client.address,
      shownUserAgent(client),
      new Date(expiresAt),
      new Date(now),
    ],
  );
  return issueTokens(context, tx, id, expiresAt);
}
