import { type TransactionReceipt, TransactionReceiptNotFoundError } from "viem";
import { type Hash, StoaError } from "@stoa/protocol";
import type { Chain } from "./connect-chain.ts";
import { pause } from "./pause.ts";
import { toChainError } from "./to-chain-error.ts";

/**
 * Waits until a transaction stands in a block. It can still leave the chain by a reorg: money counts by the watcher.
 * @throws {StoaError} `chain_rejected` when it reverted, `chain_unavailable` when no block took it in time
 */
export async function awaitTransaction(
  chain: Chain,
  txHash: Hash,
  options: { doing?: string; timeoutMs?: number; pollMs?: number; signal?: AbortSignal } = {},
): Promise<TransactionReceipt> {
  const { doing = `waiting for ${txHash}`, timeoutMs = 60_000, pollMs = 100, signal } = options;
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const receipt = await findReceipt(chain, txHash, doing);
    if (receipt?.status === "reverted")
      throw new StoaError("chain_rejected", `${doing}: ${txHash} reverted`, { details: { txHash } });
    if (receipt) return receipt;
    if (signal?.aborted || performance.now() >= deadline) {
      throw new StoaError("chain_unavailable", `${doing}: no block took ${txHash} in ${timeoutMs} ms`, {
        details: { txHash },
      });
    }
    await pause(pollMs, signal);
  }
}

async function findReceipt(chain: Chain, hash: Hash, doing: string): Promise<TransactionReceipt | null> {
  try {
    return await chain.client.getTransactionReceipt({ hash });
  } catch (cause) {
    if (cause instanceof TransactionReceiptNotFoundError) return null;
    throw toChainError(cause, doing);
  }
}
