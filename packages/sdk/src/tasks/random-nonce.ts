/** 32 random bytes as an integer: a nonce nobody has used. */
export function randomNonce(): bigint {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}
