import { createHash, randomBytes } from "node:crypto";

/** How long a signed request counts: enough for clocks that differ a little. */
const VALID_SECONDS = 60;

/** The node's own key, as remote endpoints know their caller by it. */
export interface RequestSigner {
  address: `0x${string}`;
  chainId: number;
  /** Signs text as an Ethereum account does (EIP-191), in 65 bytes of hex. */
  signMessage(request: { message: string }): Promise<`0x${string}`>;
}

/**
 * The headers by which an endpoint knows who calls: HTTP Message Signatures (RFC 9421) over the method, the whole
 * address, the body's digest (RFC 9530) and the idempotency key, by an Ethereum account as ERC-8128 has it. RFC 9421's
 * own algorithms know no secp256k1, and the node's key is what its awards and receipts are signed with: an endpoint
 * that knows the node from the chain needs no other key of it.
 * @param nowMs epoch milliseconds
 */
export async function signRequest(
  { url, method, headers, body }: { url: URL; method: string; headers: Record<string, string>; body?: Uint8Array },
  signer: RequestSigner,
  nowMs: number,
): Promise<Record<string, string>> {
  const digest = body && `sha-256=:${createHash("sha256").update(body).digest("base64")}:`;
  const components: [string, string | undefined][] = [
    ["@authority", url.host],
    ["@method", method],
    ["@path", url.pathname],
    ["@query", url.search || undefined],
    ["content-digest", digest],
    ["idempotency-key", headers["idempotency-key"]],
  ];
  const covered = components.filter(([, value]) => value !== undefined);
  const created = Math.floor(nowMs / 1_000);
  const params = [
    `(${covered.map(([name]) => `"${name}"`).join(" ")})`,
    `created=${created}`,
    `expires=${created + VALID_SECONDS}`,
    `nonce="${randomBytes(16).toString("base64url")}"`,
    `keyid="erc8128:${signer.chainId}:${signer.address.toLowerCase()}"`,
  ].join(";");
  const lines = [...covered.map(([name, value]) => `"${name}": ${value}`), `"@signature-params": ${params}`];
  const signature = await signer.signMessage({ message: lines.join("\n") });
  return {
    ...(digest && { "content-digest": digest }),
    "signature-input": `eth=${params}`,
    signature: `eth=:${Buffer.from(signature.slice(2), "hex").toString("base64")}:`,
  };
}
