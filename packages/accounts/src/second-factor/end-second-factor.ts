import { type SecondFactorRequest, StoaError } from "@stoa/protocol";
import type { AccountsContext } from "../accounts-context.ts";
import { requirePassword } from "../email/require-password.ts";
import { tellHolder } from "../email/tell-holder.ts";
import type { Principal } from "../principal.ts";
import { checkSecondFactor, hasSecondFactor } from "./check-second-factor.ts";

/**
 * Asks for no second factor any more.
 * @throws {StoaError} `wrong_code`, `wrong_password`, `wrong_state` when the account has none
 */
export async function endSecondFactor(
  context: AccountsContext,
  { accountId }: Principal,
  { code, password }: SecondFactorRequest,
): Promise<void> {
  if (!(await hasSecondFactor(context, accountId)))
    throw new StoaError("wrong_state", "the account has no second factor");
  await requirePassword(context, accountId, password);
  await checkSecondFactor(context, accountId, code);
  await context.database.transaction(async (tx) => {
    await tx.query("update accounts set two_factor_enabled = false where id = $1", [accountId]);
    await tx.query("delete from second_factors where account_id = $1", [accountId]);
    await tellHolder(context, tx, accountId, "second factor");
  });
}
