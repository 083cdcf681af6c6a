import {
  decodeTyped,
  type NodeMessages,
  requireSigner,
  type SigningDomain,
  StoaError,
  type Address,
} from "@stoa/protocol";

/**
 * Checks that a provider's wallet vouches for the node that greets, and returns the wallet.
 * The stream has already proved that the node holds the key of `link.node`.
 * @param nowMs epoch milliseconds
 * @throws {StoaError} `wrong_signature` when the provider did not sign the link, `unknown_node` when it is over
 */
export async function checkNodeLink(
  domain: SigningDomain,
  hello: NodeMessages["hello"],
  nowMs: number,
): Promise<Address> {
  const link = decodeTyped("NodeLink", hello.link);
  if (link.expiresAt * 1_000n <= BigInt(Math.floor(nowMs))) {
    throw new StoaError(
      "unknown_node",
      `the node's link ended at ${link.expiresAt}, now is ${Math.floor(nowMs / 1_000)}`,
    );
  }
  await requireSigner(domain, "NodeLink", link, hello.linkSignature, link.provider);
  return link.provider;
}
