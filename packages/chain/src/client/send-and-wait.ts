import type { TransactionReceipt } from "viem";
import type { ChainSender, TransactionRequest } from "./chain-sender.ts";

/** Sends a transaction and waits for its block. */
export async function sendAndWait(sender: ChainSender, request: TransactionRequest): Promise<TransactionReceipt> {
  return sender.wait(await sender.send(request), { doing: request.doing });
}
