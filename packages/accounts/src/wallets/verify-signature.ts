import { createPublicKey, verify } from "node:crypto";
import { parseAddress, StoaError, type WalletKind } from "@stoa/protocol";
import { base58 } from "@scure/base";
import { verify as verifySr25519 } from "@scure/sr25519";
import { substrateAddress, substrateKey } from "./substrate-address.ts";

/** What stands in front of a raw key of Ed25519 in DER. */
const ED25519_DER = Buffer.from("302a300506032b6570032100", "hex");
const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;

/** Asks a chain whether a signature is an account's, be it a key's or a contract's. */
export type VerifyEthereum = (signed: {
  address: `0x${string}`;
  message: string;
  signature: `0x${string}`;
}) => Promise<boolean>;

/** A wallet by the one way to write its address. */
export interface Wallet {
  kind: WalletKind;
  address: string;
}

/**
 * The wallet that signed a message under the address it names; null when it did not.
 * @throws {StoaError} `malformed_id` for an address that is none of its kind
 */
export async function verifySignature(
  { kind, address, message, signature }: Wallet & { message: string; signature: `0x${string}` },
  verifyEthereum: VerifyEthereum,
): Promise<Wallet | null> {
  if (kind === "ethereum") {
    const checksummed = parseAddress(address);
    return (await verifyEthereum({ address: checksummed, message, signature })) ? { kind, address: checksummed } : null;
  }
  const text = Buffer.from(message);
  const bytes = Buffer.from(signature.slice(2), "hex");
  if (kind === "solana") {
    const key = solanaKey(address);
    return verifyEd25519(text, bytes, key) ? { kind, address: base58.encode(key) } : null;
  }
  const key = substrateKey(address);
  if (!key) throw new StoaError("malformed_id", `${address} is no address of Substrate`);
  return verifySubstrate(text, bytes, key) ? { kind, address: substrateAddress(key) } : null;
}

function solanaKey(address: string): Uint8Array {
  try {
    const key = base58.decode(address);
    if (key.length === KEY_BYTES) return key;
  } catch {
    // Told below, with what is no Base58 at all.
  }
  throw new StoaError("malformed_id", `${address} is no address of Solana`);
}

function verifyEd25519(message: Uint8Array, signature: Uint8Array, key: Uint8Array): boolean {
  if (signature.length !== SIGNATURE_BYTES) return false;
  const publicKey = createPublicKey({ key: Buffer.concat([ED25519_DER, key]), format: "der", type: "spki" });
  return verify(null, message, publicKey, signature);
}

/** Wallets put a byte before the signature that says its kind, or do not, and tags around the text, or do not. */
function verifySubstrate(message: Buffer, signature: Buffer, key: Uint8Array): boolean {
  const isTagged = signature.length === SIGNATURE_BYTES + 1;
  const tag = isTagged ? signature[0] : undefined;
  const bare = isTagged ? signature.subarray(1) : signature;
  if (bare.length !== SIGNATURE_BYTES) return false;
  const wrapped = Buffer.concat([Buffer.from("<Bytes>"), message, Buffer.from("</Bytes>")]);
  return [wrapped, message].some(
    (text) => (tag !== 0 && isSr25519(text, bare, key)) || (tag !== 1 && verifyEd25519(text, bare, key)),
  );
}

function isSr25519(message: Uint8Array, signature: Uint8Array, key: Uint8Array): boolean {
  try {
    return verifySr25519(message, signature, key);
  } catch {
    // What is no point of the curve is nobody's signature.
    return false;
  }
}
