import { type Passkey, type PasskeyMade, StoaError } from "@stoa/protocol";
import { type RegistrationResponseJSON, verifyRegistrationResponse } from "@simplewebauthn/server";
import type { AccountsContext } from "../accounts-context.ts";
import { tellHolder } from "../email/tell-holder.ts";
import type { Principal } from "../principal.ts";
import { takeProof } from "../proofs/proofs.ts";
import { challengeOf } from "./challenge-of.ts";
import { relyingParty } from "./relying-party.ts";

/**
 * Takes the key that a device made for the caller's account; its holder is told.
 * @throws {StoaError} `unauthorized` when it was made for another market, account or moment, `identity_taken`
 */
export async function addPasskey(
  context: AccountsContext,
  { accountId }: Principal,
  { name, credential }: PasskeyMade,
): Promise<Passkey> {
  const { database, now } = context;
  const challenge = challengeOf(credential.response.clientDataJSON);
  const pending = await takeProof<{ accountId: string }>(database, "passkey", { token: challenge, now: now() });
  if (pending?.accountId !== accountId)
    throw new StoaError("unauthorized", "the key was not asked for by this account, or too long ago: begin again");
  const { id, publicKey, counter, transports = [] } = await verified(context, challenge, credential as never);
  const at = new Date(now());
  await database.transaction(async (tx) => {
    const kept = await tx.query(
      `insert into passkeys (id, account_id, name, public_key, counter, transports, created_at)
       values ($1, $2, $3, $4, $5, $6, $7) on conflict (id) do nothing returning id`,
      [id, accountId, name, Buffer.from(publicKey).toString("base64url"), counter, transports, at],
    );
    if (kept.length === 0) throw new StoaError("identity_taken", "the key signs in to an account already");
    await tellHolder(context, tx, accountId, "passkeys");
  });
  return { id, name, createdAt: at.toISOString(), lastUsedAt: null };
}

async function verified(context: AccountsContext, challenge: string, response: RegistrationResponseJSON) {
  const { rpID, origin } = relyingParty(context);
  const checked = await verifyRegistrationResponse({
    response,
    expectedChallenge: challenge,
    expectedOrigin: origin,
    expectedRPID: rpID,
    requireUserVerification: true,
  }).catch((cause: Error) => {
    throw new StoaError("unauthorized", `the device's answer does not count: ${cause.message}`, { cause });
  });
  if (!checked.verified) throw new StoaError("unauthorized", "the device's answer is not signed as it must be");
  return checked.registrationInfo.credential;
}
