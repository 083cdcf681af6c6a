import type { PasskeyOptions } from "@stoa/protocol";
import { generateRegistrationOptions } from "@simplewebauthn/server";
import type { AccountsContext } from "../accounts-context.ts";
import { emailOrNull } from "../email/email-text.ts";
import type { Principal } from "../principal.ts";
import { createProof } from "../proofs/proofs.ts";
import { requireFreshSignIn } from "../sessions/require-fresh-sign-in.ts";
import { CEREMONY_MS, relyingParty } from "./relying-party.ts";

/**
 * What a device is asked to make a key by. The key is found again without a name, and its use needs the device's owner:
 * it is two factors in one.
 */
export async function startPasskey(context: AccountsContext, principal: Principal): Promise<PasskeyOptions> {
  const { accountId, address } = principal;
  await requireFreshSignIn(context, principal);
  const { database, now } = context;
  const challenge = await createProof(database, "passkey", { value: { accountId }, expiresAt: now() + CEREMONY_MS });
  const [account] = await database.query<{ email: string }>("select email from accounts where id = $1", [accountId]);
  const keys = await database.query<{ id: string }>("select id from passkeys where account_id = $1", [accountId]);
  const options = await generateRegistrationOptions({
    rpName: "Stoa",
    rpID: relyingParty(context).rpID,
    userName: emailOrNull(account?.email ?? "") ?? address ?? accountId,
    userID: new TextEncoder().encode(accountId),
    challenge: new Uint8Array(Buffer.from(challenge, "base64url")),
    timeout: CEREMONY_MS,
    attestationType: "none",
    excludeCredentials: keys,
    authenticatorSelection: { residentKey: "required", userVerification: "required" },
  });
  return { options: { ...options } };
}
