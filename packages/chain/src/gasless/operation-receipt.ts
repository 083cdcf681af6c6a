import type { Hash } from "@stoa/protocol";
import type { Bundler, OperationReceipt } from "./bundler.ts";

interface RpcReceipt {
  userOpHash: Hash;
  success: boolean;
  actualGasCost: Hash;
  actualGasUsed: Hash;
  reason?: Hash | null;
  receipt: { transactionHash: Hash };
}

/** What became of an operation; null while no block has it, as far as the bundler knows. */
export async function operationReceipt(bundler: Bundler, operationHash: Hash): Promise<OperationReceipt | null> {
  const found = (await bundler.request({
    method: "eth_getUserOperationReceipt",
    params: [operationHash],
  })) as RpcReceipt | null;
  if (found === null) return null;
  return {
    operationHash,
    txHash: found.receipt.transactionHash,
    success: found.success,
    reason: found.reason ?? null,
    cost: BigInt(found.actualGasCost),
    gas: BigInt(found.actualGasUsed),
  };
}
