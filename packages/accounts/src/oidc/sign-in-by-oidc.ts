import { randomUUID } from "node:crypto";
import { type SessionTokens, StoaError } from "@stoa/protocol";
import type { Queryable } from "@stoa/store";
import type { AccountsContext } from "../accounts-context.ts";
import { placeholderEmail } from "../email/email-text.ts";
import { createProof } from "../proofs/proofs.ts";
import { hasSecondFactor } from "../second-factor/check-second-factor.ts";
import type { Client } from "../sessions/client.ts";
import { startSession } from "../sessions/start-session.ts";
import { linkPerson } from "./link-person.ts";
import { type OidcReturn, type ProvenPerson, provePerson } from "./prove-person.ts";

/** How long a code may be looked for. */
const CODE_MS = 600_000;

/**
 * Signs in whom a site vouches for. The first sign-in of a person makes their account.
 * @throws {StoaError} `second_factor_needed` with the ticket that a code is sent with; as {@link provePerson}
 */
export async function signInByOidc(
  context: AccountsContext,
  provider: string,
  given: OidcReturn,
  client: Client,
): Promise<SessionTokens> {
  const person = await provePerson(context, given, { provider, accountId: null });
  const { database, now } = context;
  const accountId = await database.transaction((tx) => findOrMakeAccount(tx, person, now()));
  if (await hasSecondFactor(context, accountId)) {
    const ticket = await createProof(database, "second-factor", { value: { accountId }, expiresAt: now() + CODE_MS });
    throw new StoaError("second_factor_needed", "the account is asked for a code of its app, or a recovery code", {
      details: { ticket },
    });
  }
  return database.transaction((tx) => startSession(context, tx, { accountId, client }));
}

async function findOrMakeAccount(tx: Queryable, person: ProvenPerson, now: number): Promise<string> {
  const [known] = await tx.query<{ account_id: string }>(
    "select account_id from credentials where provider_id = $1 and provider_account_id = $2",
    [person.issuer, person.subject],
  );
  if (known) return known.account_id;
  const accountId = randomUUID();
  await tx.query(
    "insert into accounts (id, name, email, email_verified, created_at, updated_at) values ($1, $2, $3, false, $4, $4)",
    [accountId, person.subject.slice(0, 100), placeholderEmail(accountId), new Date(now)],
  );
  if (await linkPerson(tx, { accountId, person, now })) return accountId;
  // Another sign-in of the person was first, at the same moment.
  await tx.query("delete from accounts where id = $1", [accountId]);
  return findOrMakeAccount(tx, person, now);
}
