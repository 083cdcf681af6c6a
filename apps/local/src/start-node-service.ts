import { join } from "node:path";
import { ensureKeyFile, writeWhole } from "@stoa/host";
import { encodeTyped, type NodeLink, signTyped, type SigningDomain } from "@stoa/protocol";
import type { LocalAccount } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import type { LocalNode } from "./options.ts";
import { type Service, spawnService } from "./spawn-service.ts";

const LINK_SECONDS = 365n * 86_400n;

/** Where one node of the local market keeps its things. */
export interface NodeHome {
  folder: string;
  address: `0x${string}`;
}

/** Makes a node's own key and its provider's signed link, when they are not there yet. */
export async function prepareNode(folder: string, provider: LocalAccount, domain: SigningDomain): Promise<NodeHome> {
  const { address } = privateKeyToAccount(await ensureKeyFile(join(folder, "node.key")));
  const link: NodeLink = { node: address, provider: provider.address, expiresAt: BigInt(Math.floor(Date.now() / 1_000)) + LINK_SECONDS };
  const signature = await signTyped(provider, domain, "NodeLink", link);
  await writeWhole(join(folder, "link.json"), `${JSON.stringify({ link: encodeTyped("NodeLink", link), signature }, null, 2)}\n`);
  return { folder, address };
}

/** Starts the daemon of a prepared node. */
export function startNodeService(node: LocalNode, home: NodeHome, market: { serverUrl: string; rpcUrl: string; logFile: string }): Promise<Service> {
  return spawnService({
    name: `node ${node.name}`,
    script: "apps/node/src/main.ts",
    logFile: market.logFile,
    env: {
      STOA_SERVER_URL: market.serverUrl,
      STOA_RPC_URL: market.rpcUrl,
      STOA_NODE_DATA: home.folder,
      STOA_NODE_NAME: node.name,
      STOA_NODE_SLOTS: String(node.slots),
      STOA_NODE_COST: node.cost,
    },
  });
}
