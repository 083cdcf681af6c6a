import { type SecondFactorSetup, StoaError } from "@stoa/protocol";
import type { AccountsContext } from "../accounts-context.ts";
import { emailOrNull } from "../email/email-text.ts";
import { requirePassword } from "../email/require-password.ts";
import type { Principal } from "../principal.ts";
import { requireFreshSignIn } from "../sessions/require-fresh-sign-in.ts";
import { withLibrarySession } from "./with-library-session.ts";

/**
 * Makes a secret for an authenticator app, and recovery codes. Nothing is asked for at sign-in before a first code of it
 * came; beginning again makes another secret.
 * @throws {StoaError} `wrong_password` when the account has one and it is not given, `wrong_state` when there is a second factor
 */
export async function beginSecondFactor(
  context: AccountsContext,
  principal: Principal,
  { password }: { password?: string },
): Promise<SecondFactorSetup> {
  const { accountId, address } = principal;
  await requireFreshSignIn(context, principal);
  const { database, library } = context;
  await requirePassword(context, accountId, password);
  const made = await withLibrarySession(context, accountId, (headers) =>
    library.api.enableTwoFactor({ body: { method: "totp", password }, headers }),
  );
  if (made?.method !== "totp") throw new StoaError("wrong_state", "the account has a second factor: end it first");
  const [account] = await database.query<{ email: string }>("select email from accounts where id = $1", [accountId]);
  const label = emailOrNull(account?.email ?? "") ?? address ?? accountId;
  return { uri: named(made.totpURI, label), recoveryCodes: made.backupCodes };
}

/** The address that an app reads, with a label that its owner knows the account by. */
function named(uri: string, label: string): string {
  return uri.replace(/^otpauth:\/\/totp\/[^?]*/, `otpauth://totp/Stoa:${encodeURIComponent(label)}`);
}
