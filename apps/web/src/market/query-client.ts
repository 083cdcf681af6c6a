import { QueryClient } from "@tanstack/react-query";

/**
 * The only place server data lives. What events keep fresh is not asked for again because time passes; after a lost
 * connection everything shown is.
 */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 60_000,
      gcTime: 10 * 60_000,
      // The SDK has tried again already where that makes sense.
      retry: false,
      refetchOnWindowFocus: false,
    },
  },
});
