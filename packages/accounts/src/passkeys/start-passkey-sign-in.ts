import type { PasskeyOptions } from "@stoa/protocol";
import { generateAuthenticationOptions } from "@simplewebauthn/server";
import type { AccountsContext } from "../accounts-context.ts";
import { createProof } from "../proofs/proofs.ts";
import { CEREMONY_MS, relyingParty } from "./relying-party.ts";

/** What a device is asked to sign to sign in. It offers what keys it has: nobody says who they are before. */
export async function startPasskeySignIn(context: AccountsContext): Promise<PasskeyOptions> {
  const { database, now } = context;
  await database.query("delete from verifications where expires_at < $1", [new Date(now())]);
  const challenge = await createProof(database, "passkey-sign-in", { value: {}, expiresAt: now() + CEREMONY_MS });
  const options = await generateAuthenticationOptions({
    rpID: relyingParty(context).rpID,
    challenge: new Uint8Array(Buffer.from(challenge, "base64url")),
    timeout: CEREMONY_MS,
    userVerification: "required",
  });
  return { options: { ...options } };
}
