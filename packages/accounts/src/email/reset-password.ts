import { createHash } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { type MailSent, StoaError } from "@stoa/protocol";
import { insertMail } from "@stoa/store";
import { hashPassword } from "better-auth/crypto";
import type { AccountsContext } from "../accounts-context.ts";
import { countAttempt, forgetAttempts, MAILS, MAILS_FROM, PASSWORDS, takeAttempt } from "../attempts/take-attempt.ts";
import { createProof, takeProof } from "../proofs/proofs.ts";
import { type Client, networkOf } from "../sessions/client.ts";
import { checkPassword } from "./check-password.ts";
import { resetMail } from "./email-mails.ts";
import { toEmail } from "./email-text.ts";
import { findPassword } from "./find-password.ts";
import { setPassword } from "./set-password.ts";
import { tellHolder } from "./tell-holder.ts";

const RESET_MS = 3_600_000;
/** An answer takes this long, and what it tells of does not: it cannot be told by the time whether there was any. */
const ANSWER_MS = 250;

interface PendingReset {
  accountId: string;
  email: string;
  /** Of the password it replaces: once that is another, the link is dead. */
  before: string;
}

const digest = (passwordHash: string | null) =>
  createHash("sha256")
    .update(passwordHash ?? "none")
    .digest("hex");

/**
 * Mails a link to choose a new password with, when the address has an account; neither the answer nor its time tells.
 * @throws {StoaError} `too_many_requests` from one client
 */
export async function requestReset(context: AccountsContext, text: string, client: Client): Promise<MailSent> {
  await takeAttempt(context, MAILS_FROM, networkOf(client));
  const email = toEmail(text);
  const expiresAt = context.now() + RESET_MS;
  await Promise.all([promiseReset(context, email, expiresAt), setTimeout(ANSWER_MS)]);
  return { expiresAt: new Date(expiresAt).toISOString() };
}

async function promiseReset(context: AccountsContext, email: string, expiresAt: number): Promise<void> {
  const { database, baseUrl, now } = context;
  if (!(await countAttempt(context, MAILS, email))) return;
  await database.transaction(async (tx) => {
    const [account] = await tx.query<{ id: string }>("select id from accounts where email = $1 and email_verified", [
      email,
    ]);
    if (!account) return;
    const before = digest(await findPassword(tx, account.id));
    const value: PendingReset = { accountId: account.id, email, before };
    const token = await createProof(tx, "reset-password", { value, expiresAt });
    await insertMail(tx, resetMail(email, { baseUrl, token }), { now: now(), expiresAt });
  });
}

/**
 * Sets the password of the account whose holder was mailed the token. Every session of it ends, and its holder is told.
 * @throws {StoaError} `invalid_token`, `weak_password`
 */
export async function resetPassword(context: AccountsContext, token: string, password: string): Promise<void> {
  const { database, liveSessions } = context;
  const passwordHash = await hashPassword(password);
  const now = context.now();
  const accountId = await database.transaction(async (tx) => {
    const pending = await takeProof<PendingReset>(tx, "reset-password", { token, now });
    if (!pending) throw new StoaError("invalid_token", "the link is unknown, was used or has expired");
    const { accountId, email, before } = pending;
    // A weak password undoes all of this: the link is good for another try.
    checkPassword(password, email);
    const [account] = await tx.query("select id from accounts where id = $1 and email = $2 for update", [
      accountId,
      email,
    ]);
    if (!account || digest(await findPassword(tx, accountId)) !== before)
      throw new StoaError("invalid_token", "the link is older than the account's password or address");
    await setPassword(tx, { accountId, passwordHash, now });
    await tx.query("delete from sessions where account_id = $1", [accountId]);
    await forgetAttempts(tx, PASSWORDS, email);
    await tellHolder(context, tx, accountId, "password");
    return accountId;
  });
  liveSessions.forget(accountId);
}
