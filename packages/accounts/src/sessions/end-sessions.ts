import { StoaError } from "@stoa/protocol";
import type { AccountsContext } from "../accounts-context.ts";
import type { Principal } from "../principal.ts";

/**
 * Ends one of an account's sessions, wherever it is.
 * @throws {StoaError} `not_found` when the account has no such session
 */
export async function endSession(
  { database, liveSessions }: AccountsContext,
  { accountId }: Principal,
  id: string,
): Promise<void> {
  const gone = await database.query("delete from sessions where id = $1 and account_id = $2 returning id", [
    id,
    accountId,
  ]);
  if (gone.length === 0) throw new StoaError("not_found", `the account has no session ${id}`);
  liveSessions.forget(accountId);
}

/** Ends all of an account's sessions but the one that asks. */
export async function endOtherSessions(
  { database, liveSessions }: AccountsContext,
  { accountId, sessionId }: Principal,
): Promise<void> {
  await database.query("delete from sessions where account_id = $1 and id <> $2", [accountId, sessionId]);
  liveSessions.forget(accountId);
}
