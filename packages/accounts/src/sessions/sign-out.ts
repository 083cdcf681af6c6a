import { StoaError } from "@stoa/protocol";
import type { AccountsContext } from "../accounts-context.ts";
import type { Principal } from "../principal.ts";

/**
 * Ends the session: its tokens are dead at once, on other servers its access token a few seconds later.
 * @throws {StoaError} `forbidden` for a key, which has no session
 */
export async function signOut(context: AccountsContext, principal: Principal): Promise<void> {
  if (principal.sessionId === null)
    throw new StoaError("forbidden", "an API key has no session to end: revoke the key instead");
  await context.database.query("delete from sessions where id = $1 and account_id = $2", [
    principal.sessionId,
    principal.accountId,
  ]);
  context.liveSessions.forget(principal.accountId);
}
