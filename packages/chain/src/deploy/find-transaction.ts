import { TransactionNotFoundError, TransactionReceiptNotFoundError } from "viem";
import type { Hash } from "@stoa/protocol";
import { awaitTransaction } from "../client/await-transaction.ts";
import type { Chain } from "../client/connect-chain.ts";
import { toChainError } from "../client/to-chain-error.ts";

/** The block of a transaction sent before a crash, waited for if need be; null when the chain never took it. */
export async function findTransaction(chain: Chain, hash: Hash, doing: string): Promise<number | null> {
  try {
    const receipt = await chain.client.getTransactionReceipt({ hash });
    return receipt.status === "success" ? Number(receipt.blockNumber) : null;
  } catch (cause) {
    if (!(cause instanceof TransactionReceiptNotFoundError)) throw toChainError(cause, doing);
  }
  try {
    await chain.client.getTransaction({ hash });
  } catch (cause) {
    if (cause instanceof TransactionNotFoundError) return null;
    throw toChainError(cause, doing);
  }
  return Number((await awaitTransaction(chain, hash, { doing })).blockNumber);
}
