import type { Address, Hash } from "@stoa/protocol";
import { isAddressEqual, type Transaction } from "viem";
import type { Chain } from "../client/connect-chain.ts";
import { toChainError } from "../client/to-chain-error.ts";

type MinedTransaction = Transaction<bigint, number, false>;

interface NonceSearch {
  address: Address;
  nonce: number;
  afterBlock: number;
  head: number;
}

/** The transaction that stands in a block with a nonce, and that block. */
export interface NonceTaker {
  /** Null when it stands in a block of before: then it is none that was signed since. */
  transaction: MinedTransaction | null;
  blockNumber: number;
}

/**
 * Finds who used a nonce after a block, by halving the blocks since: an account's count of transactions grows in the
 * block that has it. A node that has forgotten those counts is asked for the blocks themselves. Null when the chain
 * moved meanwhile.
 */
export async function findNonceTaker(chain: Chain, search: NonceSearch): Promise<NonceTaker | null> {
  if (search.afterBlock > search.head) return null;
  try {
    return await halve(chain, search);
  } catch (cause) {
    if (toChainError(cause, "counting transactions").code === "chain_unavailable") throw cause;
    return readBack(chain, search);
  }
}

async function halve(chain: Chain, search: NonceSearch): Promise<NonceTaker | null> {
  let [unused, used] = [search.afterBlock, search.head];
  if (!(await usedAt(chain, search, used))) return null;
  if (await usedAt(chain, search, unused)) return { transaction: null, blockNumber: unused };
  while (used - unused > 1) {
    const middle = Math.floor((unused + used) / 2);
    if (await usedAt(chain, search, middle)) used = middle;
    else unused = middle;
  }
  const transaction = await takerIn(chain, search, used);
  return transaction && { transaction, blockNumber: used };
}

async function usedAt(chain: Chain, { address, nonce }: NonceSearch, block: number): Promise<boolean> {
  return (await chain.client.getTransactionCount({ address, blockNumber: BigInt(block) })) > nonce;
}

async function readBack(chain: Chain, search: NonceSearch): Promise<NonceTaker | null> {
  for (let blockNumber = search.head; blockNumber > search.afterBlock; blockNumber -= 1) {
    const transaction = await takerIn(chain, search, blockNumber);
    if (transaction) return { transaction, blockNumber };
  }
  return null;
}

async function takerIn(chain: Chain, { address, nonce }: NonceSearch, block: number): Promise<MinedTransaction | null> {
  const { transactions } = await chain.client.getBlock({ blockNumber: BigInt(block), includeTransactions: true });
  return transactions.find((other) => other.nonce === nonce && isAddressEqual(other.from, address)) ?? null;
}

/** Whether a transaction has an intent's effect: then it is the intent's, whoever raised its fees. */
export function hasEffect(
  { to, input, value }: Pick<Transaction, "to" | "input" | "value">,
  intent: { to: Address | null; data: Hash; value: string },
): boolean {
  return (
    (to?.toLowerCase() ?? null) === (intent.to?.toLowerCase() ?? null) &&
    input.toLowerCase() === intent.data.toLowerCase() &&
    value === BigInt(intent.value)
  );
}
