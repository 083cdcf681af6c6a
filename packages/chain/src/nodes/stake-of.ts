import type { Address } from "@stoa/protocol";
import type { Chain } from "../client/connect-chain.ts";
import { readContract } from "../client/read-contract.ts";
import { nodesAbi } from "../generated/nodes.ts";

export interface NodeStake {
  staked: bigint;
  /** What waits to be taken back; a slash still reaches it. */
  unstaking: bigint;
  /** Epoch milliseconds from which it can be taken; null when nothing waits. */
  unlocksAt: number | null;
}

/** Reads what a provider has at stake for a node. */
export async function stakeOf(
  chain: Chain,
  nodes: Address,
  { provider, node, token }: { provider: Address; node: Address; token: Address },
): Promise<NodeStake> {
  const [staked, unstaking, unlockAt] = await readContract(chain, {
    address: nodes,
    abi: nodesAbi,
    functionName: "stakeOf",
    args: [provider, node, token],
  });
  return { staked, unstaking, unlocksAt: unstaking === 0n ? null : Number(unlockAt) * 1_000 };
}
