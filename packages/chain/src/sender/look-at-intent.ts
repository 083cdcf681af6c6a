import { type TransactionReceipt, TransactionNotFoundError, TransactionReceiptNotFoundError } from "viem";
import type { Address, Hash } from "@stoa/protocol";
import type { Chain } from "../client/connect-chain.ts";
import { findNonceTaker, hasEffect } from "./find-nonce-taker.ts";
import type { SenderContext } from "./sender-context.ts";
import { liveOf, newestOf, type SentIntent } from "./sent-intent.ts";

/** Where the chain has an intent, by its newest block. */
export type Standing =
  /** A transaction with its effect stands in a block. */
  | { is: "mined"; receipt: TransactionReceipt; depth: number }
  /** Somebody else's transaction has its nonce, in a block of this depth. */
  | { is: "taken"; depth: number }
  /** The node has its newest transaction waiting. */
  | { is: "waiting" }
  /** The node does not have it: it never came there, or was dropped, or its block left the chain. */
  | { is: "missing" };

/** What an account's nonces are at, read before the transactions are looked for. */
export interface AccountState {
  address: Address;
  /** The newest block. */
  head: number;
  /** Nonces below stand in blocks. */
  used: number;
  /** The node knows a transaction for each nonce below. */
  waiting: number;
}

export async function readAccountState(chain: Chain, address: Address): Promise<AccountState> {
  const { client } = chain;
  const [used, waiting] = await Promise.all([
    client.getTransactionCount({ address }),
    client.getTransactionCount({ address, blockTag: "pending" }),
  ]);
  return {
    address,
    used,
    waiting: Math.max(used, waiting),
    head: Number(await client.getBlockNumber({ cacheTime: 0 })),
  };
}

/** Looks where an intent stands; null when the chain moved meanwhile and must be looked at again. */
export async function lookAtIntent(
  { chain, journal }: Pick<SenderContext, "chain" | "journal">,
  intent: SentIntent,
  account: AccountState,
): Promise<Standing | null> {
  const { address, head, used } = account;
  const depthOf = (blockNumber: bigint | number) => Math.max(0, head - Number(blockNumber));
  for (const { hash } of liveOf(intent)) {
    const receipt = await findReceipt(chain, hash);
    if (receipt) return { is: "mined", receipt, depth: depthOf(receipt.blockNumber) };
  }
  const newest = newestOf(intent);
  if (used <= newest.nonce) {
    const isThere = await isKnown(chain, newest.hash);
    return isThere ? { is: "waiting" } : { is: "missing" };
  }
  const oldest = liveOf(intent).at(-1) ?? newest;
  const taker = await findNonceTaker(chain, { address, nonce: newest.nonce, afterBlock: oldest.afterBlock, head });
  if (!taker) return null;
  const { transaction, blockNumber } = taker;
  const taken = { is: "taken", depth: depthOf(blockNumber) } as const;
  // A transaction of the same content is another wallet's with higher fees, unless it is another intent's own.
  if (!transaction || !hasEffect(transaction, intent)) return taken;
  const others = (await journal.listOfNonce(newest.nonce)).filter(({ id }) => id !== intent.id);
  if (others.some(({ transactions }) => transactions.some(({ hash }) => hash === transaction.hash))) return taken;
  const receipt = await findReceipt(chain, transaction.hash);
  return receipt && { is: "mined", receipt, depth: depthOf(receipt.blockNumber) };
}

async function findReceipt(chain: Chain, hash: Hash): Promise<TransactionReceipt | null> {
  try {
    return await chain.client.getTransactionReceipt({ hash });
  } catch (cause) {
    if (cause instanceof TransactionReceiptNotFoundError) return null;
    throw cause;
  }
}

async function isKnown(chain: Chain, hash: Hash): Promise<boolean> {
  try {
    await chain.client.getTransaction({ hash });
    return true;
  } catch (cause) {
    if (cause instanceof TransactionNotFoundError) return false;
    throw cause;
  }
}
