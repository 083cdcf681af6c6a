import {
  type Clearing,
  leastMaxPrice,
  type NodeUnserved,
  type RoundInputs,
  tallyUnserved,
  type UnservedTally,
  whyUnserved,
} from "@stoa/core";
import { type Address, type Hash, MAX_AMOUNT, type TaskId, type UnservedCount } from "@stoa/protocol";
import type { MarketContext } from "../context.ts";
import { unaskedNodes } from "./unasked-nodes.ts";

/** What nodes of a round said beside their signed sheets. It is kept nowhere as it is. */
export interface Asides {
  /** The cost, royalty included, of tasks that a node passed on for their price. */
  costs: ReadonlyMap<Address, ReadonlyMap<Hash, bigint>>;
  /** Nodes whose sheet was turned away because their stake does not cover it. */
  stakeTooSmall: ReadonlySet<Address>;
}

const NOTHING_SAID: Asides = { costs: new Map(), stakeTooSmall: new Set() };

/** Counts, for every task a round left without a taker, the reasons of all nodes, asked or not: which node said which stays untold. */
export async function countUnserved(
  context: MarketContext,
  inputs: RoundInputs,
  clearing: Clearing,
  asides: Asides = NOTHING_SAID,
): Promise<Map<TaskId, UnservedCount[]>> {
  const { opening } = inputs;
  const why = whyUnserved(inputs, clearing.barred, clearing.unserved);
  const providers = new Map(opening.asked.map(({ node, provider }) => [node, provider]));
  const unasked = unaskedNodes(
    context,
    opening.segment,
    opening.asked.map(({ node }) => node),
  );
  const specs = new Map(opening.tasks.map(({ orderHash, spec }) => [orderHash, spec]));
  const counts = new Map<TaskId, UnservedCount[]>();
  for (const [taskId, nodes] of why) {
    const heard = nodes.map((node) => withAside(node, taskId, asides, { providers, feeBps: opening.feeBps }));
    const others = await unasked(specs.get(taskId)?.agentVersion ?? null);
    counts.set(taskId as TaskId, tallyUnserved(heard, others).map(toCount));
  }
  return counts;
}

function withAside(
  said: NodeUnserved,
  taskId: Hash,
  { costs, stakeTooSmall }: Asides,
  { providers, feeBps }: { providers: ReadonlyMap<Address, Address>; feeBps: number },
): NodeUnserved {
  const { node, reason } = said;
  if (reason === "no_answer" && stakeTooSmall.has(node)) return { node, reason: "stake_too_small" };
  const cost = reason === "price_too_low" ? costs.get(node)?.get(taskId) : undefined;
  if (cost === undefined) return said;
  const maxPrice = leastMaxPrice(cost, feeBps);
  // What no order could carry helps nobody.
  return maxPrice > MAX_AMOUNT ? said : { node, reason, cost: { provider: providers.get(node)!, maxPrice } };
}

function toCount({ reason, nodes, bands }: UnservedTally): UnservedCount {
  if (!bands) return { reason, nodes };
  const wire = bands.map((band) => ({ ...band, above: band.above.toString(), upTo: band.upTo.toString() }));
  return { reason, nodes, bands: wire };
}
