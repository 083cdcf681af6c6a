import { type Hash, StoaError } from "@stoa/protocol";
import type { WaitOptions } from "../client/chain-sender.ts";
import { pause } from "../client/pause.ts";
import { describeRevert, toChainError } from "../client/to-chain-error.ts";
import type { OperationReceipt } from "./bundler.ts";
import { operationReceipt } from "./operation-receipt.ts";
import type { Gasless } from "./quote-operation.ts";

/**
 * Waits until an operation stands in a block.
 * @throws {StoaError} `chain_rejected` when its calls failed, with the contract's reason; `chain_unavailable` when no
 * block took it in time
 */
export async function awaitOperation(
  { bundler }: Pick<Gasless, "bundler">,
  operationHash: Hash,
  options: WaitOptions = {},
): Promise<OperationReceipt> {
  const { doing = `waiting for operation ${operationHash}`, timeoutMs = 60_000, pollMs = 200, signal } = options;
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const receipt = await operationReceipt(bundler, operationHash).catch((cause: unknown) => {
      throw toChainError(cause, doing);
    });
    if (receipt?.success) return receipt;
    if (receipt) throw failed(doing, receipt);
    if (signal?.aborted || performance.now() >= deadline) {
      const details = { operationHash };
      throw new StoaError("chain_unavailable", `${doing}: no block took it in ${timeoutMs} ms`, { details });
    }
    await pause(pollMs, signal);
  }
}

function failed(doing: string, { operationHash, txHash, reason }: OperationReceipt): StoaError {
  const known = reason === null ? null : describeRevert(reason);
  const text = known?.text ?? "its calls reverted";
  const details = { operationHash, txHash, ...(known ? { error: known.name } : {}) };
  return new StoaError("chain_rejected", `${doing}: ${text}`, { details });
}
