import type { ChainEvent, EventSource } from "./event-source.ts";

/** Where a fact stands on its chain. */
export type PlacedFact<Fact> = Fact & Pick<ChainEvent, "blockNumber" | "blockHash" | "txHash" | "logIndex" | "at">;

/** Reads events by the sources they come from; what says nothing that matters is left out. */
export function decodeEvents<Fact extends object>(
  sources: readonly EventSource<Fact>[],
  events: readonly ChainEvent[],
): PlacedFact<Fact>[] {
  const byAddress = new Map(sources.map((source) => [source.address.toLowerCase(), source]));
  return events.flatMap(({ address, data, topics, ...place }) => {
    const fact = byAddress.get(address)?.decode({ data, topics });
    const { blockNumber, blockHash, txHash, logIndex, at } = place;
    return fact ? [{ ...fact, blockNumber, blockHash, txHash, logIndex, at }] : [];
  });
}
