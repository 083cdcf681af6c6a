import { isAddressEqual, maxUint64, zeroAddress } from "viem";
import type { Address } from "@stoa/protocol";
import type { Chain } from "../client/connect-chain.ts";
import { readContract } from "../client/read-contract.ts";
import { nodesAbi } from "../generated/nodes.ts";

export interface NodeStatus {
  /** Null while the node is not registered. */
  provider: Address | null;
  /** Executions it offers to run at once. */
  slots: number;
  /** Epoch milliseconds of its last heartbeat; null before the first. */
  heartbeatAt: number | null;
  /** Epoch milliseconds until which it is in maintenance; infinite until further notice, null when it is not. */
  maintenanceUntil: number | null;
  /** Registered, staked for, not in maintenance, and alive. */
  isActive: boolean;
  /** What it must have at stake to be active. */
  minimumStake: bigint;
}

/** Reads how a node is registered, and what it must have at stake in a token. */
export async function nodeStatus(
  chain: Chain,
  nodes: Address,
  { node, token }: { node: Address; token: Address },
): Promise<NodeStatus> {
  const call = { address: nodes, abi: nodesAbi } as const;
  const [found, isActive, minimumStake] = await Promise.all([
    readContract(chain, { ...call, functionName: "nodeOf", args: [node] }),
    readContract(chain, { ...call, functionName: "isActive", args: [node, token] }),
    readContract(chain, { ...call, functionName: "minimumStake", args: [token] }),
  ]);
  return {
    provider: isAddressEqual(found.provider, zeroAddress) ? null : found.provider,
    slots: found.slots,
    heartbeatAt: found.heartbeatAt === 0n ? null : Number(found.heartbeatAt) * 1_000,
    maintenanceUntil: maintenanceEnd(found.maintenanceUntil),
    isActive,
    minimumStake,
  };
}

function maintenanceEnd(second: bigint): number | null {
  if (second === 0n) return null;
  return second === maxUint64 ? Infinity : Number(second) * 1_000;
}
