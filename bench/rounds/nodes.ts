// The nodes' side of the rounds bench: nodes that really sign, and answer every round and quote at once.
import { join } from "node:path";
import type { Hash } from "@stoa/protocol";
import { startSimulatedNode } from "@stoa/testkit";
import type { Hex } from "viem";

/** What the bench tells this process to be. */
export interface NodesOrder {
  nodes: readonly { keys: { node: Hex; provider: Hex }; ask: string; agentVersion: Hash }[];
  addresses: readonly string[];
  folder: string;
  domain: { chainId: number; vault: Hex };
  slots: number;
  bond: string;
}

/** Handshakes cost a few milliseconds each: more at once would only make them late. */
const AT_ONCE = 20;

async function start({ nodes, folder, bond, ...common }: NodesOrder): Promise<void> {
  for (let from = 0; from < nodes.length; from += AT_ONCE) {
    await Promise.all(
      nodes.slice(from, from + AT_ONCE).map(({ keys, ask, agentVersion }) =>
        startSimulatedNode({
          ...common,
          keys,
          agentVersion,
          bond: BigInt(bond),
          outboxFolder: join(folder, keys.node),
          answer: () => BigInt(ask),
          quote: () => ({ reason: 0, cost: ask, freeSlots: 1, freeInMs: 0, promisedSeconds: 1 }),
        }),
      ),
    );
  }
  process.send?.("ready");
}

process.on("message", (order: NodesOrder) => void start(order));
