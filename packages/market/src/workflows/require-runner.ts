import { type Signer, StoaError } from "@stoa/protocol";
import type { MarketContext } from "../context.ts";

/**
 * The key that orders for workflows.
 * @throws {StoaError} `invalid_workflow` when this market has none
 */
export function requireRunner({ runner }: Pick<MarketContext, "runner">): Signer {
  if (!runner) throw new StoaError("invalid_workflow", "this market runs no workflows");
  return runner;
}
