import { dirname } from "node:path";
import type { NodeHome } from "@stoa/host";
import type { LocalNode } from "./options.ts";
import { type Service, spawnService } from "./spawn-service.ts";

/** Starts the daemon of a prepared node. */
export function startNodeService(
  node: LocalNode,
  home: NodeHome,
  market: { serverUrl: string; rpcUrl: string; logFile: string; env?: Record<string, string> | undefined },
): Promise<Service> {
  return spawnService({
    name: `node ${node.name}`,
    script: "apps/node/src/main.ts",
    logFile: market.logFile,
    env: {
      STOA_SERVER_URL: market.serverUrl,
      STOA_RPC_URL: market.rpcUrl,
      STOA_NODE_DATA: dirname(home.keyFile),
      STOA_NODE_NAME: node.name,
      STOA_NODE_SLOTS: String(node.slots),
      STOA_NODE_COST: node.cost,
      // A local market is where an author tries an endpoint on this machine.
      STOA_NODE_REMOTE: "loopback",
      ...market.env,
      ...node.env,
    },
  });
}
