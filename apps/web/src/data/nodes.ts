import { queryOptions, useQuery } from "@tanstack/react-query";
import { useCallback } from "react";
import { shortId } from "../parts/short-id.ts";
import { reader } from "../market/connection.ts";

export const nodeKeys = { lists: ["nodes"] as const, one: (id: string) => ["node", id] as const };

export const nodesQuery = queryOptions({
  queryKey: nodeKeys.lists,
  queryFn: async () => (await reader.nodes.list({ limit: 100 })).items,
});

export function nodeQuery(id: string) {
  return queryOptions({ queryKey: nodeKeys.one(id), queryFn: () => reader.nodes.get(id) });
}

/** Names nodes as people know them; by their address while the list is on its way, or when they have no name. */
export function useNodeName(): (id: string) => string {
  const { data } = useQuery(nodesQuery);
  return useCallback((id: string) => data?.find((node) => node.id === id)?.name || shortId(id), [data]);
}
