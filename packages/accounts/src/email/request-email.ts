import { type MailSent, StoaError } from "@stoa/protocol";
import { insertMail } from "@stoa/store";
import { hashPassword, verifyPassword } from "better-auth/crypto";
import type { AccountsContext } from "../accounts-context.ts";
import { countAttempt, MAILS, MAILS_FROM, PASSWORDS, takeAttempt } from "../attempts/take-attempt.ts";
import type { Principal } from "../principal.ts";
import { createProof } from "../proofs/proofs.ts";
import { type Client, networkOf } from "../sessions/client.ts";
import { requireFreshSignIn } from "../sessions/require-fresh-sign-in.ts";
import { checkPassword } from "./check-password.ts";
import { confirmMail, knownMail } from "./email-mails.ts";
import { toEmail } from "./email-text.ts";
import { findPassword } from "./find-password.ts";

const CONFIRM_MS = 86_400_000;

/** What is kept until the address is confirmed. */
export interface PendingEmail {
  email: string;
  /** Becomes the account's password; null when it has one. */
  passwordHash: string | null;
  /** The account that the address joins; null: one is made. */
  accountId: string | null;
}

/**
 * Begins an account with an e-mail address and a password. Nothing is made before the address's holder confirms it, and
 * then with the password of the very request the mail tells of: nobody can lay a password under a stranger's account to
 * be. The answer is the same whether the address has an account or not; its holder's mail is not.
 * @throws {StoaError} `weak_password`, `too_many_requests` from one client
 */
export async function requestSignUp(
  context: AccountsContext,
  { email, password }: { email: string; password: string },
  client: Client,
): Promise<MailSent> {
  await takeAttempt(context, MAILS_FROM, networkOf(client));
  checkPassword(password, email);
  const passwordHash = await hashPassword(password);
  return sendConfirmation(context, { email: toEmail(email), passwordHash, accountId: null });
}

/**
 * Begins to join an e-mail address to an account, which signs in by it and a password from its confirmation on. The
 * password is the account's own when it has one, a new one when not.
 * @throws {StoaError} `weak_password`, `sign_in_again`, `wrong_password` when the password is not the account's
 */
export async function requestEmail(
  context: AccountsContext,
  principal: Principal,
  { email, password }: { email: string; password: string },
): Promise<MailSent> {
  const { accountId } = principal;
  await requireFreshSignIn(context, principal);
  await takeAttempt(context, MAILS_FROM, accountId);
  await takeAttempt(context, PASSWORDS, accountId);
  const current = await findPassword(context.database, accountId);
  if (current === null) checkPassword(password, email);
  else if (!(await verifyPassword({ hash: current, password })))
    throw new StoaError("wrong_password", "the password is not the account's");
  const passwordHash = current === null ? await hashPassword(password) : null;
  return sendConfirmation(context, { email: toEmail(email), passwordHash, accountId });
}

async function sendConfirmation(context: AccountsContext, pending: PendingEmail): Promise<MailSent> {
  const { database, baseUrl } = context;
  const now = context.now();
  const expiresAt = now + CONFIRM_MS;
  const answer: MailSent = { expiresAt: new Date(expiresAt).toISOString() };
  const { email } = pending;
  if (!(await countAttempt(context, MAILS, email))) return answer;
  await database.query("delete from verifications where expires_at < $1", [new Date(now)]);
  await database.transaction(async (tx) => {
    const known = await tx.query("select id from accounts where email = $1", [email]);
    const token = await createProof(tx, "confirm-email", { value: pending, expiresAt });
    const mail = known.length > 0 ? knownMail(email, { baseUrl }) : confirmMail(email, { baseUrl, token });
    await insertMail(tx, mail, { now, expiresAt });
  });
  return answer;
}
