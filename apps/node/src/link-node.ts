import {
  type Address,
  encodeTyped,
  type NodeLink,
  type Signature,
  signTyped,
  type Signer,
  type SigningDomain,
  type WireTyped,
} from "@stoa/protocol";

/** A node's link as its file holds it: made once by the provider's wallet, shown to the market at every greeting. */
export interface SignedLink {
  link: WireTyped<"NodeLink">;
  signature: Signature;
}

/**
 * Signs, with the provider's wallet, that a node's key works for it.
 * @param provider the wallet; only its signature leaves it
 * @param expiresAt Unix seconds
 * @example
 * const signed = await linkNode(wallet, { node: account.address, domain, expiresAt: 1_900_000_000n });
 */
export async function linkNode(
  provider: Signer,
  { node, domain, expiresAt }: { node: Address; domain: SigningDomain; expiresAt: bigint },
): Promise<SignedLink> {
  const link: NodeLink = { node, provider: provider.address, expiresAt };
  return { link: encodeTyped("NodeLink", link), signature: await signTyped(provider, domain, "NodeLink", link) };
}
