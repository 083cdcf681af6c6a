import type { TransactionReceipt } from "viem";
import { awaitTransaction } from "./await-transaction.ts";
import type { ChainSender, TransactionRequest } from "./chain-sender.ts";

/** Sends a transaction and waits for its block. */
export async function sendAndWait(sender: ChainSender, request: TransactionRequest): Promise<TransactionReceipt> {
  const txHash = await sender.send(request);
  return awaitTransaction(sender.chain, txHash, { doing: request.doing });
}
