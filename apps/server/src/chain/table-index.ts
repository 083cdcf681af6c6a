import type { IndexStore } from "@stoa/chain";
import { appendChainBlocks, type Database, followChainSources, listChainBlocks, rewindChain } from "@stoa/store";

/** Keeps a chain's index in the market's database. */
export function tableIndex(database: Database, chainId: number): IndexStore {
  return {
    blocks: () => listChainBlocks(database, chainId),
    append: ({ after, blocks, events, keepFrom }) =>
      appendChainBlocks(database, chainId, {
        after: after?.hash ?? null,
        blocks,
        events: events.map((event) => ({ ...event, topics: [...event.topics] })),
        keepFrom,
      }),
    rewind: (to) => rewindChain(database, chainId, to),
    follow: (sources) => followChainSources(database, chainId, sources),
  };
}
