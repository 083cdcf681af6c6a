import { StoaError } from "@stoa/protocol";
import type { AccountsContext } from "../accounts-context.ts";
import { forgetAttempts, SECOND_FACTORS, takeAttempt } from "../attempts/take-attempt.ts";
import { tellHolder } from "../email/tell-holder.ts";
import type { Principal } from "../principal.ts";
import { withLibrarySession } from "./with-library-session.ts";

/**
 * Asks for the second factor from now on: the first code shows that the app has the secret.
 * @throws {StoaError} `wrong_code`
 */
export async function confirmSecondFactor(
  context: AccountsContext,
  { accountId }: Principal,
  code: string,
): Promise<void> {
  await takeAttempt(context, SECOND_FACTORS, accountId);
  const isRight = await withLibrarySession(context, accountId, (headers) =>
    context.library.api.verifyTOTP({ body: { code }, headers }),
  );
  if (!isRight) throw new StoaError("wrong_code", "the code is not the app's, or no second factor was begun");
  await forgetAttempts(context.database, SECOND_FACTORS, accountId);
  await tellHolder(context, context.database, accountId, "second factor");
}
