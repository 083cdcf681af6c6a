import type { Address, Hash } from "@stoa/protocol";
import type { Edge, Market } from "@stoa/core";
import { randomFrom } from "../random-from.ts";

/** How asks come about: see the bench's notes. */
export type AskKind = "near ties" | "independent" | "log-normal";

export interface MarketSize {
  tasks: number;
  nodes: number;
  bidsPerTask: number;
  /** Slots of all nodes over tasks. */
  slotsPerTask: number;
}

type Random = () => number;

const below = (random: Random, bound: number) => Math.floor(random() * bound);
const hex = (random: Random, bytes: number): `0x${string}` =>
  `0x${Array.from({ length: bytes }, () => below(random, 256).toString(16).padStart(2, "0")).join("")}`;
const logNormal = (random: Random) =>
  Math.exp(0.5 * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()));

/** A node's way to name its asks. */
function askerOf(kind: AskKind, random: Random): () => number {
  const base = below(random, 1_000);
  const level = logNormal(random);
  if (kind === "near ties") return () => base + below(random, 50);
  if (kind === "independent") return () => below(random, 1_000);
  return () => Math.floor(500_000 * level * logNormal(random));
}

function maxPriceOf(kind: AskKind, random: Random): bigint {
  if (kind === "near ties") return BigInt(500 + below(random, 1_001));
  if (kind === "independent") return BigInt(1_000 + below(random, 1_001));
  return BigInt(2_000_000 + below(random, 1_000_001));
}

/** Some distinct numbers below a bound. */
function sample(random: Random, count: number, bound: number): Set<number> {
  const chosen = new Set<number>();
  while (chosen.size < count) chosen.add(below(random, bound));
  return chosen;
}

/** A random market; tasks can be drawn by a seed of their own, so that the same nodes see others. */
export function benchMarket(size: MarketSize, kind: AskKind, seed: number, taskSeed = seed): Market {
  const random = randomFrom(seed);
  const slots = new Array<number>(size.nodes).fill(1);
  for (let left = Math.round(size.tasks * size.slotsPerTask) - size.nodes; left > 0; left--) {
    slots[below(random, size.nodes)]!++;
  }
  const nodes = slots.map((count) => ({
    node: hex(random, 20) satisfies Address,
    provider: hex(random, 20) satisfies Address,
    slots: count,
  }));
  const ofTasks = randomFrom(taskSeed + 1);
  const askers = nodes.map(() => askerOf(kind, random));
  const agentVersion: Hash = hex(random, 32);
  const tasks = Array.from({ length: size.tasks }, () => ({
    taskId: hex(ofTasks, 32) satisfies Hash,
    requester: hex(ofTasks, 20) satisfies Address,
    maxPrice: maxPriceOf(kind, ofTasks),
    royaltyCap: 0n,
    agentVersion: null,
  }));
  const edges = tasks.flatMap((_, task): Edge[] =>
    [...sample(ofTasks, size.bidsPerTask, size.nodes)].map((node) => {
      return { task, node, agentVersion, ask: BigInt(askers[node]!()), royalty: 0n, quality: 0n };
    }),
  );
  return { feeBps: 0, tasks, nodes, edges };
}
