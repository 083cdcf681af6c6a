import { StoaError } from "@stoa/protocol";
import { hashPassword, verifyPassword } from "better-auth/crypto";
import type { AccountsContext } from "../accounts-context.ts";
import { PASSWORDS, takeAttempt } from "../attempts/take-attempt.ts";
import type { Principal } from "../principal.ts";
import { checkPassword } from "./check-password.ts";
import { emailOrNull } from "./email-text.ts";
import { findPassword } from "./find-password.ts";
import { setPassword } from "./set-password.ts";
import { tellHolder } from "./tell-holder.ts";

/**
 * Changes the password of an account that has one. Its other sessions end, and its holder is told.
 * @throws {StoaError} `wrong_password` when the current one is wrong, `weak_password`, `not_found` when there is none
 */
export async function changePassword(
  context: AccountsContext,
  { accountId, sessionId }: Principal,
  { current, password }: { current: string; password: string },
): Promise<void> {
  const { database, liveSessions } = context;
  await takeAttempt(context, PASSWORDS, accountId);
  const hash = await findPassword(database, accountId);
  if (hash === null)
    throw new StoaError("not_found", "the account has no password: join an e-mail address to it first");
  if (!(await verifyPassword({ hash, password: current })))
    throw new StoaError("wrong_password", "the current password is wrong");
  const [account] = await database.query<{ email: string }>("select email from accounts where id = $1", [accountId]);
  const email = emailOrNull(account?.email ?? "");
  checkPassword(password, email ?? "");
  const passwordHash = await hashPassword(password);
  const now = context.now();
  await database.transaction(async (tx) => {
    await setPassword(tx, { accountId, passwordHash, now });
    await tx.query("delete from sessions where account_id = $1 and id <> $2", [accountId, sessionId]);
    await tellHolder(context, tx, accountId, "password");
  });
  liveSessions.forget(accountId);
}
