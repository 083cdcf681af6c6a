import { blake2b } from "@noble/hashes/blake2.js";
import { base58 } from "@scure/base";

const CHECKSUM_PREFIX = new TextEncoder().encode("SS58PRE");
const CHECKSUM_BYTES = 2;
const KEY_BYTES = 32;
/** The prefix of no chain in particular, under which one key has one address here. */
const GENERIC_PREFIX = 42;

function checksumOf(body: Uint8Array): Uint8Array {
  return blake2b(Uint8Array.of(...CHECKSUM_PREFIX, ...body), { dkLen: 64 }).subarray(0, CHECKSUM_BYTES);
}

/**
 * The public key that an SS58 address stands for, whichever chain's prefix it has; null when it is no such address.
 * @see https://docs.polkadot.com/polkadot-protocol/basics/accounts/#address-formats
 */
export function substrateKey(address: string): Uint8Array | null {
  try {
    const bytes = base58.decode(address);
    const prefixBytes = (bytes[0] ?? 255) < 64 ? 1 : (bytes[0] ?? 255) < 128 ? 2 : 0;
    if (prefixBytes === 0 || bytes.length !== prefixBytes + KEY_BYTES + CHECKSUM_BYTES) return null;
    const body = bytes.subarray(0, -CHECKSUM_BYTES);
    const isWhole = checksumOf(body).every((byte, index) => byte === bytes[body.length + index]);
    return isWhole ? body.subarray(prefixBytes) : null;
  } catch {
    return null;
  }
}

/** The one address under which a public key is kept. */
export function substrateAddress(key: Uint8Array): string {
  const body = Uint8Array.of(GENERIC_PREFIX, ...key);
  return base58.encode(Uint8Array.of(...body, ...checksumOf(body)));
}
