import { type PasswordSignIn, type SessionTokens, StoaError } from "@stoa/protocol";
import { hashPassword, verifyPassword } from "better-auth/crypto";
import type { AccountsContext } from "../accounts-context.ts";
import { forgetAttempts, PASSWORDS, PASSWORDS_HERE, takeAttempt } from "../attempts/take-attempt.ts";
import { checkSecondFactor } from "../second-factor/check-second-factor.ts";
import { type Client, networkOf } from "../sessions/client.ts";
import { startSession } from "../sessions/start-session.ts";
import { toEmail } from "./email-text.ts";
import { PASSWORD_PROVIDER } from "./find-password.ts";

/**
 * Signs an account in by its e-mail address and password, and its second factor when it has one. Which of address and
 * password is wrong is not told, by word or by time.
 * @throws {StoaError} `unauthorized`, `second_factor_needed`, `wrong_code`, `too_many_requests`
 */
export async function signInByPassword(
  context: AccountsContext,
  { email: text, password, code }: PasswordSignIn,
  client: Client,
): Promise<SessionTokens> {
  const { database } = context;
  const email = toEmail(text);
  const here = `${email} ${networkOf(client)}`;
  await takeAttempt(context, PASSWORDS_HERE, here);
  await takeAttempt(context, PASSWORDS, email);
  const accountId = await checkPasswordOf(context, email, password);
  if (accountId === null) throw new StoaError("unauthorized", "the e-mail address or the password is wrong");
  await checkSecondFactor(context, accountId, code);
  return database.transaction(async (tx) => {
    await forgetAttempts(tx, PASSWORDS_HERE, here);
    await forgetAttempts(tx, PASSWORDS, email);
    return startSession(context, tx, { accountId, client });
  });
}

async function checkPasswordOf({ database }: AccountsContext, email: string, password: string): Promise<string | null> {
  const [row] = await database.query<{ id: string; password: string }>(
    `select accounts.id, credentials.password from accounts join credentials on credentials.account_id = accounts.id
      where accounts.email = $1 and accounts.email_verified
        and credentials.provider_id = $2 and credentials.password is not null`,
    [email, PASSWORD_PROVIDER],
  );
  // An address without an account takes as long.
  if (!row) return hashPassword(password).then(() => null);
  return (await verifyPassword({ hash: row.password, password })) ? row.id : null;
}
