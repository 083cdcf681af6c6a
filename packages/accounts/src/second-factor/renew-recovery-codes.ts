import { type RecoveryCodes, type SecondFactorRequest, StoaError } from "@stoa/protocol";
import type { AccountsContext } from "../accounts-context.ts";
import { requirePassword } from "../email/require-password.ts";
import { tellHolder } from "../email/tell-holder.ts";
import type { Principal } from "../principal.ts";
import { checkSecondFactor } from "./check-second-factor.ts";
import { withLibrarySession } from "./with-library-session.ts";

/**
 * Makes other recovery codes; those before are worthless.
 * @throws {StoaError} `wrong_code`, `wrong_password`, `wrong_state` when the account has no second factor
 */
export async function renewRecoveryCodes(
  context: AccountsContext,
  { accountId }: Principal,
  { code, password }: SecondFactorRequest,
): Promise<RecoveryCodes> {
  await requirePassword(context, accountId, password);
  await checkSecondFactor(context, accountId, code);
  const made = await withLibrarySession(context, accountId, (headers) =>
    context.library.api.generateBackupCodes({ body: { password }, headers }),
  );
  if (!made) throw new StoaError("wrong_state", "the account has no second factor");
  await tellHolder(context, context.database, accountId, "recovery codes");
  return { recoveryCodes: made.backupCodes };
}
