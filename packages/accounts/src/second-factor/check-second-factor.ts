import { StoaError } from "@stoa/protocol";
import type { AccountsContext } from "../accounts-context.ts";
import { CODE_USES, countAttempt, forgetAttempts, SECOND_FACTORS, takeAttempt } from "../attempts/take-attempt.ts";
import { withLibrarySession } from "./with-library-session.ts";

const APP_CODE = /^\d{6}$/;

/** Whether an account is asked for a second factor. */
export async function hasSecondFactor({ database }: AccountsContext, accountId: string): Promise<boolean> {
  const rows = await database.query("select 1 from accounts where id = $1 and two_factor_enabled", [accountId]);
  return rows.length > 0;
}

/**
 * Checks the second factor of an account: a code of its app, good once, or one of its recovery codes, used up by it. An
 * account without a second factor passes.
 * @throws {StoaError} `second_factor_needed` without a code, `wrong_code`, `too_many_requests`
 */
export async function checkSecondFactor(
  context: AccountsContext,
  accountId: string,
  code: string | undefined,
): Promise<void> {
  if (!(await hasSecondFactor(context, accountId))) return;
  if (code === undefined)
    throw new StoaError("second_factor_needed", "the account is asked for a code of its app, or a recovery code");
  await takeAttempt(context, SECOND_FACTORS, accountId);
  const { api } = context.library;
  const isApp = APP_CODE.test(code);
  const answer = await withLibrarySession<unknown>(context, accountId, (headers) =>
    isApp ? api.verifyTOTP({ body: { code }, headers }) : api.verifyBackupCode({ body: { code }, headers }),
  );
  // Whoever looks over a shoulder has the app's code for as long as it is shown.
  const isFirst = !isApp || (answer !== null && (await countAttempt(context, CODE_USES, `${accountId} ${code}`)));
  if (answer === null || !isFirst)
    throw new StoaError("wrong_code", "the code is not the account's, or was used before");
  await forgetAttempts(context.database, SECOND_FACTORS, accountId);
}
