import type { Address } from "@stoa/protocol";
import { zeroAddress } from "viem";
import type { Chain } from "../client/connect-chain.ts";
import { readContract } from "../client/read-contract.ts";
import { identityRegistryAbi } from "../generated/identity-registry.ts";

export interface AgentIdentity {
  owner: Address;
  /** Null after the agent was sold, until a wallet is set again. */
  wallet: Address | null;
  /** Of its registration file. */
  uri: string;
}

/**
 * Reads who owns an agent, what its wallet is and where its registration file lies.
 * @throws {StoaError} `chain_rejected` when there is no such agent
 */
export async function readAgent(
  chain: Chain,
  { registry, agentId }: { registry: Address; agentId: bigint },
): Promise<AgentIdentity> {
  const call = { address: registry, abi: identityRegistryAbi, args: [agentId] } as const;
  const [owner, wallet, uri] = await Promise.all([
    readContract(chain, { ...call, functionName: "ownerOf" }),
    readContract(chain, { ...call, functionName: "getAgentWallet" }),
    readContract(chain, { ...call, functionName: "tokenURI" }),
  ]);
  return { owner, wallet: wallet === zeroAddress ? null : wallet, uri };
}
