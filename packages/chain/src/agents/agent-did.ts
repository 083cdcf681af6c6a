import type { Address } from "@stoa/protocol";
import type { Chain } from "../client/connect-chain.ts";
import { didOf } from "../did/did-of.ts";
import { readAgent } from "./read-agent.ts";

/**
 * An agent's DID: its wallet's, or its owner's while it has no wallet. A sold agent so never speaks by a DID of the
 * owner before.
 * @throws {StoaError} `chain_rejected` when there is no such agent
 */
export async function agentDid(chain: Chain, agent: { registry: Address; agentId: bigint }): Promise<string> {
  const { wallet, owner } = await readAgent(chain, agent);
  return didOf(chain.chainId, wallet ?? owner);
}
