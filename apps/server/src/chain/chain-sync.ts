import { type ChainSync, StoaError } from "@stoa/protocol";
import { listChainBlocks } from "@stoa/store";
import type { ServerConfig } from "../config.ts";
import type { Foundation } from "../open-foundation.ts";

/** However many ask, the chain is asked for its head this often. */
const HEAD_KEPT_MS = 500;

/**
 * How far this market has read its chain, whichever of its servers does it.
 * @throws {StoaError} `chain_unavailable`, `database_unavailable`
 */
export async function chainSync(
  { chain, database, market }: Pick<Foundation, "chain" | "database" | "market">,
  { confirmations, vaultBlock }: Pick<ServerConfig, "confirmations" | "vaultBlock">,
): Promise<ChainSync> {
  // The head last: what was read is never ahead of it.
  const [ledger, [indexed]] = await Promise.all([market.vaultCursor(), listChainBlocks(database, chain.chainId)]);
  const head = await chain.client.getBlockNumber({ cacheTime: HEAD_KEPT_MS }).catch((cause: unknown) => {
    throw new StoaError("chain_unavailable", `chain ${chain.chainId} does not say what its newest block is`, { cause });
  });
  return {
    chainId: chain.chainId,
    head: Number(head),
    firstBlock: vaultBlock,
    confirmations,
    indexed: indexed?.number ?? null,
    ledger: ledger === undefined ? null : Number(ledger.number),
  };
}
