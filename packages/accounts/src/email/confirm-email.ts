import { randomUUID } from "node:crypto";
import { StoaError } from "@stoa/protocol";
import { insertMail, type Queryable } from "@stoa/store";
import type { AccountsContext } from "../accounts-context.ts";
import { takeProof } from "../proofs/proofs.ts";
import { changedMail } from "./email-mails.ts";
import { emailOrNull } from "./email-text.ts";
import { findPassword } from "./find-password.ts";
import type { PendingEmail } from "./request-email.ts";
import { setPassword } from "./set-password.ts";

const NOTICE_MS = 86_400_000;

/**
 * Makes the account that a confirmation mail was sent for, or joins the address to the account that asked. Nobody is
 * signed in by it: whoever only has the link does not know the password.
 * @throws {StoaError} `invalid_token`, `identity_taken` when the address went to another account meanwhile
 */
export async function confirmEmail(context: AccountsContext, token: string): Promise<void> {
  const now = context.now();
  await context.database.transaction(async (tx) => {
    const pending = await takeProof<PendingEmail>(tx, "confirm-email", { token, now });
    if (!pending) throw new StoaError("invalid_token", "the link is unknown, was used or has expired");
    const { email, passwordHash } = pending;
    // Two accounts that confirm one address at the same moment are told apart one after the other.
    await tx.query("select pg_advisory_xact_lock(hashtext($1))", [email]);
    const accountId = pending.accountId ?? (await makeAccount(tx, email, now));
    const isTheirs = pending.accountId === null || (await joinEmail(context, tx, pending.accountId, email));
    if (accountId === null || !isTheirs) throw new StoaError("identity_taken", `${email} belongs to another account`);
    // A password that the account was given since is its own choice of later.
    if (passwordHash !== null && (await findPassword(tx, accountId)) === null)
      await setPassword(tx, { accountId, passwordHash, now });
  });
}

/** @returns null when the address has an account */
async function makeAccount(tx: Queryable, email: string, now: number): Promise<string | null> {
  const [made] = await tx.query<{ id: string }>(
    `insert into accounts (id, name, email, email_verified, created_at, updated_at) values ($1, $2, $2, true, $3, $3)
     on conflict (email) do nothing returning id`,
    [randomUUID(), email, new Date(now)],
  );
  return made?.id ?? null;
}

/** @returns whether the address is the account's now */
async function joinEmail(context: AccountsContext, tx: Queryable, accountId: string, email: string): Promise<boolean> {
  const { baseUrl } = context;
  const now = context.now();
  const [account] = await tx.query<{ email: string }>("select email from accounts where id = $1 for update", [
    accountId,
  ]);
  if (!account) return false;
  const joined = await tx.query(
    `update accounts set email = $2, email_verified = true, updated_at = $3
      where id = $1 and not exists (select 1 from accounts where email = $2 and id <> $1) returning id`,
    [accountId, email, new Date(now)],
  );
  const before = emailOrNull(account.email);
  if (before !== null && before !== email)
    await insertMail(tx, changedMail(before, { baseUrl, what: "e-mail address" }), { now, expiresAt: now + NOTICE_MS });
  return joined.length > 0;
}
