import {
  encodeTyped,
  type MarketInfo,
  parseAddress,
  type SessionGrant,
  type SessionKey,
  type Signer,
  signingAccount,
  signTyped,
  StoaError,
} from "@stoa/protocol";
import type { Hex, LocalAccount } from "viem";
import { generatePrivateKey } from "viem/accounts";
import type { Connection } from "../connection.ts";
import { signingDomain } from "../market/signing-domain.ts";
import { randomNonce } from "../tasks/random-nonce.ts";

export interface SessionLimits {
  /** In the token's smallest unit. */
  maxPerOrder: bigint;
  /** Of all its orders together, in the token's smallest unit. */
  maxTotal: bigint;
  /** From now; orders must be settled before, so it should cover the market's withdrawal delay. */
  expiresInSeconds: number;
}

/** A key a program may hold instead of the wallet's, and the wallet's word that it may order. */
export interface SessionKeyPair {
  privateKey: Hex;
  /** Signs orders and acceptances. */
  signer: LocalAccount & Signer;
  /** Goes with every order the key signs. */
  grant: SessionGrant;
}

/**
 * Makes a key that may order in a wallet's name, within limits. The wallet signs once; the vault holds the key to them.
 * @throws {StoaError} `session_key_limit` for limits nothing fits into
 * @example
 * const { signer, grant } = await client.session.create(wallet, { maxPerOrder: 50_000n, maxTotal: 1_000_000n, expiresInSeconds: 86_400 });
 * await client.tasks.submit({ capability, input, maxPrice, signer, session: grant });
 */
export async function createSessionKey(
  connection: Connection,
  wallet: Signer,
  limits: SessionLimits,
): Promise<SessionKeyPair> {
  const info = await connection.terms();
  const privateKey = generatePrivateKey();
  const signer = signingAccount(privateKey);
  const key = sessionTerms(
    info,
    { wallet: wallet.address, key: signer.address, nonce: randomNonce(), now: Date.now() },
    limits,
  );
  const signature = await signTyped(wallet, signingDomain(info), "SessionKey", key);
  return { privateKey, signer, grant: { key: encodeTyped("SessionKey", key), signature } };
}

function sessionTerms(
  info: MarketInfo,
  { wallet, key, nonce, now }: { wallet: SessionKey["wallet"]; key: SessionKey["key"]; nonce: bigint; now: number },
  { maxPerOrder, maxTotal, expiresInSeconds }: SessionLimits,
): SessionKey {
  if (maxPerOrder <= 0n || maxTotal < maxPerOrder || expiresInSeconds <= 0) {
    throw new StoaError(
      "session_key_limit",
      `limits must allow one order, got ${maxPerOrder} each of ${maxTotal} for ${expiresInSeconds} s`,
    );
  }
  return {
    wallet,
    key,
    token: parseAddress(info.token.address),
    maxPerOrder,
    maxTotal,
    expiresAt: BigInt(Math.floor(now / 1_000) + Math.floor(expiresInSeconds)),
    nonce,
  };
}
