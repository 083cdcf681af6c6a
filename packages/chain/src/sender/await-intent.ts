import type { TransactionReceipt } from "viem";
import { type Hash, StoaError } from "@stoa/protocol";
import type { WaitOptions } from "../client/chain-sender.ts";
import { pause } from "../client/pause.ts";
import { toChainError } from "../client/to-chain-error.ts";
import type { Seen } from "./see-to-intents.ts";
import type { SenderContext } from "./sender-context.ts";

/**
 * Waits until a transaction of an intent stands in a block, and sees to all that is open until then.
 * @param look runs one look, in the sender's turn
 */
export async function awaitIntent(
  context: SenderContext,
  id: Hash,
  look: () => Promise<Seen>,
  { doing = `waiting for ${id}`, timeoutMs = 60_000, pollMs = 100, signal }: WaitOptions,
): Promise<TransactionReceipt> {
  const deadline = performance.now() + timeoutMs;
  let trouble: Error | undefined;
  for (;;) {
    try {
      const seen = await look();
      trouble = seen.trouble[0] ?? trouble;
      const receipt = seen.mined.get(id) ?? (await settledReceipt(context, id, doing));
      if (receipt?.status === "reverted") throw reverted(doing, receipt.transactionHash);
      if (receipt) return receipt;
    } catch (error) {
      if (!(error instanceof StoaError) || error.definition.kind !== "retry") throw error;
      trouble = error;
    }
    if (signal?.aborted || performance.now() >= deadline) {
      throw new StoaError("chain_unavailable", `${doing}: no block took it in ${timeoutMs} ms`, {
        cause: trouble,
        details: { intent: id },
      });
    }
    await pause(pollMs, signal);
  }
}

async function settledReceipt(
  { chain, journal }: SenderContext,
  id: Hash,
  doing: string,
): Promise<TransactionReceipt | null> {
  const outcome = (await journal.find(id))?.outcome;
  if (!outcome) return null;
  if (!outcome.txHash) throw new StoaError("chain_rejected", `${doing}: ${outcome.reason ?? "the chain refused it"}`);
  return chain.client.getTransactionReceipt({ hash: outcome.txHash }).catch((cause: unknown) => {
    throw toChainError(cause, doing);
  });
}

function reverted(doing: string, txHash: Hash): StoaError {
  return new StoaError("chain_rejected", `${doing}: ${txHash} reverted`, { details: { txHash } });
}
