import type { Hash } from "@stoa/protocol";

/**
 * Whoever brings operations to the EntryPoint, by the JSON-RPC of ERC-4337: this process itself
 * ({@link directBundler}) or a server elsewhere ({@link rpcBundler}).
 */
export interface Bundler {
  /** `eth_estimateUserOperationGas`, `eth_sendUserOperation`, `eth_getUserOperationReceipt`, `eth_supportedEntryPoints`. */
  request(call: { method: string; params?: unknown }): Promise<unknown>;
}

/** What became of an operation. */
export interface OperationReceipt {
  operationHash: Hash;
  txHash: Hash;
  /** Whether its calls took effect: one that failed has its gas paid all the same. */
  success: boolean;
  /** Revert data of its calls, when they failed and the bundler tells. */
  reason: Hash | null;
  /** Wei that its payer paid. */
  cost: bigint;
  gas: bigint;
}
