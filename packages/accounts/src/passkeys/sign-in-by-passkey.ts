import { type PasskeySigned, type SessionTokens, StoaError } from "@stoa/protocol";
import { type AuthenticationResponseJSON, verifyAuthenticationResponse } from "@simplewebauthn/server";
import type { AccountsContext } from "../accounts-context.ts";
import { takeProof } from "../proofs/proofs.ts";
import type { Client } from "../sessions/client.ts";
import { startSession } from "../sessions/start-session.ts";
import { challengeOf } from "./challenge-of.ts";
import { relyingParty } from "./relying-party.ts";

interface Row {
  id: string;
  accountId: string;
  publicKey: string;
  counter: bigint;
}

/**
 * Signs in by a device's key: what it signed was given for a sign-in here, is used once, and its owner was asked by the
 * device. No second factor is asked for beside it.
 * @throws {StoaError} `unauthorized`
 */
export async function signInByPasskey(
  context: AccountsContext,
  credential: PasskeySigned["credential"],
  client: Client,
): Promise<SessionTokens> {
  const { database, now } = context;
  const challenge = challengeOf(credential.response.clientDataJSON);
  if (!(await takeProof(database, "passkey-sign-in", { token: challenge, now: now() })))
    throw new StoaError("unauthorized", "what the device signed was not given here, or too long ago: begin again");
  const [key] = await database.query<Row>(
    `select id, account_id as "accountId", public_key as "publicKey", counter from passkeys where id = $1`,
    [credential.id],
  );
  if (!key) throw new StoaError("unauthorized", "the key signs in to no account here");
  const counter = await verifiedCounter(context, { challenge, key, credential });
  return database.transaction(async (tx) => {
    const used = await tx.query(
      "update passkeys set counter = $2, last_used_at = $3 where id = $1 and counter = $4 returning id",
      [key.id, counter, new Date(now()), key.counter],
    );
    if (used.length === 0) throw new StoaError("unauthorized", "the key was used or removed at the same moment");
    return startSession(context, tx, { accountId: key.accountId, client });
  });
}

async function verifiedCounter(
  context: AccountsContext,
  { challenge, key, credential }: { challenge: string; key: Row; credential: PasskeySigned["credential"] },
): Promise<number> {
  const { rpID, origin } = relyingParty(context);
  const checked = await verifyAuthenticationResponse({
    response: credential as unknown as AuthenticationResponseJSON,
    expectedChallenge: challenge,
    expectedOrigin: origin,
    expectedRPID: rpID,
    requireUserVerification: true,
    credential: {
      id: key.id,
      publicKey: new Uint8Array(Buffer.from(key.publicKey, "base64url")),
      counter: Number(key.counter),
    },
  }).catch((cause: Error) => {
    throw new StoaError("unauthorized", `the device's answer does not count: ${cause.message}`, { cause });
  });
  if (!checked.verified) throw new StoaError("unauthorized", "the signature is not the key's");
  return checked.authenticationInfo.newCounter;
}
