import { queryOptions, useQuery } from "@tanstack/react-query";
import type { MarketInfo } from "@stoa/protocol";
import { reader } from "../market/connection.ts";

/** The market's terms: they change when its operator starts it anew. */
export const marketQuery = queryOptions({
  queryKey: ["market"],
  queryFn: () => reader.market.info(),
  staleTime: 10 * 60_000,
});

export const chainSyncQuery = queryOptions({
  queryKey: ["chain-sync"],
  queryFn: () => reader.market.chainSync(),
  refetchInterval: 5_000,
});

export function useMarket(): MarketInfo | undefined {
  return useQuery(marketQuery).data;
}
