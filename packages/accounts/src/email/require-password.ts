import { StoaError } from "@stoa/protocol";
import { verifyPassword } from "better-auth/crypto";
import type { AccountsContext } from "../accounts-context.ts";
import { PASSWORDS, takeAttempt } from "../attempts/take-attempt.ts";
import { findPassword } from "./find-password.ts";

/**
 * Checks that who asks knows the account's password; an account without one passes.
 * @throws {StoaError} `wrong_password`, `too_many_requests`
 */
export async function requirePassword(
  context: AccountsContext,
  accountId: string,
  password: string | undefined,
): Promise<void> {
  const hash = await findPassword(context.database, accountId);
  if (hash === null) return;
  await takeAttempt(context, PASSWORDS, accountId);
  if (password === undefined || !(await verifyPassword({ hash, password })))
    throw new StoaError("wrong_password", "the account's password must be given with it");
}
