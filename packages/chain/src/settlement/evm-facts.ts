import type { Chain } from "../client/connect-chain.ts";
import { decodeEvents } from "../indexer/decode-events.ts";
import type { EventSource } from "../indexer/event-source.ts";
import { indexChain } from "../indexer/index-chain.ts";
import { readHeader } from "../indexer/read-blocks.ts";
import { toChainError } from "../client/to-chain-error.ts";
import type { VaultFact } from "../watch/vault-record.ts";
import type { SettlementFacts } from "./settlement.ts";

/** What a market's contracts on an EVM chain say. */
export function evmFacts(chain: Chain, sources: readonly EventSource<VaultFact>[]): SettlementFacts {
  return {
    chainId: chain.chainId,
    addresses: sources.map(({ address }) => address),
    index: (options) => indexChain({ ...options, chain, sources }),
    decode: (events) => decodeEvents(sources, events),
    newestBlock: async () => {
      try {
        return Number(await chain.client.getBlockNumber({ cacheTime: 0 }));
      } catch (cause) {
        throw toChainError(cause, "reading the newest block");
      }
    },
    blockAt: (number) => readHeader(chain, number),
  };
}
