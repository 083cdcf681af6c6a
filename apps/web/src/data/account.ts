import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { reader } from "../market/connection.ts";

export const accountKeys = { one: ["account"] as const, entries: ["account", "entries"] as const };

export function accountQuery(enabled: boolean) {
  return queryOptions({ queryKey: [...accountKeys.one, "balances"], queryFn: () => reader.account.get(), enabled });
}

export function entriesQuery(enabled: boolean) {
  return infiniteQueryOptions({
    queryKey: accountKeys.entries,
    queryFn: ({ pageParam }) => reader.account.entries({ limit: 50, ...(pageParam ? { cursor: pageParam } : {}) }),
    initialPageParam: "",
    getNextPageParam: ({ nextCursor }) => nextCursor,
    enabled,
  });
}
