import { StoaError } from "@stoa/protocol";
import type { AccountsContext } from "../accounts-context.ts";
import type { Principal } from "../principal.ts";

/** How long after its sign-in a session may change what signs in to the account. */
const FRESH_MS = 1_800_000;

/**
 * Checks that the caller signed in a short while ago. A session that was stolen is mostly an old one: it cannot make
 * itself at home.
 * @throws {StoaError} `sign_in_again`
 */
export async function requireFreshSignIn({ database, now }: AccountsContext, { sessionId }: Principal): Promise<void> {
  const fresh = await database.query("select 1 from sessions where id = $1 and created_at > $2", [
    sessionId,
    new Date(now() - FRESH_MS),
  ]);
  if (fresh.length === 0)
    throw new StoaError("sign_in_again", "what signs in to the account is changed soon after a sign-in alone");
}
