import type { Address } from "@stoa/protocol";
import type { Chain } from "../client/connect-chain.ts";
import { readContract } from "../client/read-contract.ts";
import { nodesAbi } from "../generated/nodes.ts";

/** Reads what an account can take out: its nodes' rewards, and its share of conflicts it proved. */
export function rewardsOf(
  chain: Chain,
  nodes: Address,
  { account, token }: { account: Address; token: Address },
): Promise<bigint> {
  return readContract(chain, { address: nodes, abi: nodesAbi, functionName: "rewardsOf", args: [account, token] });
}
