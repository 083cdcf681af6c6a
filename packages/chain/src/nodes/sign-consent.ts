import {
  type Address,
  type NodeConsent,
  type Signature,
  type Signer,
  signTyped,
  type SigningDomain,
} from "@stoa/protocol";
import type { Chain } from "../client/connect-chain.ts";
import { readContract } from "../client/read-contract.ts";
import { nodesAbi } from "../generated/nodes.ts";

/** How long a consent may wait to be sent, in seconds. */
const VALID_SECONDS = 3_600;

export interface SignedConsent {
  consent: NodeConsent;
  signature: Signature;
}

/**
 * Signs with a node's own key that a provider may register it on chain. It is good once, and for an hour.
 * @param given.now epoch milliseconds
 */
export async function signConsent(
  chain: Chain,
  given: { nodes: Address; domain: SigningDomain; node: Signer; provider: Address; now: number },
): Promise<SignedConsent> {
  const { nodes, domain, node, provider, now } = given;
  const nonce = await readContract(chain, {
    address: nodes,
    abi: nodesAbi,
    functionName: "consentNonce",
    args: [node.address],
  });
  const expiresAt = BigInt(Math.ceil(now / 1_000) + VALID_SECONDS);
  const consent: NodeConsent = { node: node.address, provider, nonce, expiresAt };
  return { consent, signature: await signTyped(node, domain, "NodeConsent", consent) };
}
