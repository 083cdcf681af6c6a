import { type SessionTokens, StoaError } from "@stoa/protocol";
import type { AccountsContext } from "../accounts-context.ts";
import { findProof, takeProof } from "../proofs/proofs.ts";
import type { Client } from "../sessions/client.ts";
import { startSession } from "../sessions/start-session.ts";
import { checkSecondFactor } from "./check-second-factor.ts";

/**
 * Ends a sign-in that a second factor was asked for, with the ticket that was given then. A wrong code leaves the ticket
 * good for another.
 * @throws {StoaError} `invalid_token`, `wrong_code`, `too_many_requests`
 */
export async function signInByCode(
  context: AccountsContext,
  { ticket, code }: { ticket: string; code: string },
  client: Client,
): Promise<SessionTokens> {
  const { database, now } = context;
  const pending = await findProof<{ accountId: string }>(database, "second-factor", { token: ticket, now: now() });
  if (pending) await checkSecondFactor(context, pending.accountId, code);
  return database.transaction(async (tx) => {
    const taken = await takeProof<{ accountId: string }>(tx, "second-factor", { token: ticket, now: now() });
    if (!pending || !taken) throw new StoaError("invalid_token", "the sign-in is over, or took too long: begin again");
    return startSession(context, tx, { accountId: taken.accountId, client });
  });
}
