import type { UnservedView, WireCostBand } from "@stoa/protocol";
import type { Money } from "../terminal/money.ts";

/** A count of nodes as exactly as it is told: "1 node", "3 to 5 nodes". */
export function nodesText({ atLeast, atMost }: UnservedView["nodes"]): string {
  const count = atLeast === atMost ? `${atMost}` : `${atLeast} to ${atMost}`;
  return `${count} ${atMost === 1 ? "node" : "nodes"}`;
}

/** Why nodes do not take a task, and how many. */
export function reasonText({ sentence, nodes }: Pick<UnservedView, "sentence" | "nodes">): string {
  return `${sentence} (${nodesText(nodes)})`;
}

/** What a task costs at some nodes. */
export function bandText({ above, upTo, nodes }: WireCostBand, { bare, format }: Money): string {
  const from = above === "0" ? "up to" : `${bare(above)} to`;
  return `${from} ${format(upTo)}: ${nodesText(nodes)}`;
}
