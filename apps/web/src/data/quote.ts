import { queryOptions } from "@tanstack/react-query";
import type { Hash } from "@stoa/protocol";
import { reader } from "../market/connection.ts";

export interface Asked {
  capability: string;
  agentVersion?: Hash;
  /** Bytes of the input: the input itself stays here. */
  inputBytes: number;
  maxPrice: bigint;
  deliverInSeconds: number;
}

/** A quote is an estimate of this moment. */
const GOOD_FOR_MS = 10_000;

export function quoteQuery(asked: Asked, enabled: boolean) {
  return queryOptions({
    queryKey: ["quote", { ...asked, maxPrice: asked.maxPrice.toString() }],
    queryFn: () => reader.tasks.quote(asked),
    staleTime: GOOD_FOR_MS,
    refetchInterval: GOOD_FOR_MS,
    placeholderData: (before) => before,
    enabled,
  });
}
