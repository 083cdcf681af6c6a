import { join } from "node:path";
import type { AddressBook, Anvil, Chain } from "@stoa/chain";
import { freePort, lockFolder, type NodeHome } from "@stoa/host";
import { createClient, type StoaClient } from "@stoa/sdk";
import type { LocalNode, LocalOptions } from "./options.ts";
import { buildExamples, publishExamples } from "./publish-examples.ts";
import { type Service, spawnService } from "./spawn-service.ts";
import { fundAll, prepareNodes, startChain } from "./start-chain.ts";
import { startNodeService } from "./start-node-service.ts";
import { until } from "./until.ts";
import { wallets, writeWallet } from "./wallets.ts";
import { writeProfile } from "./write-profile.ts";

const READY_MS = 60_000;
/** Test dollars, smallest unit: what a failed award may cost a node. */
const MIN_BOND = 100_000;

/** A whole market on this machine. */
export interface LocalMarket extends AsyncDisposable {
  readonly url: string;
  readonly rpcUrl: string;
  readonly book: AddressBook;
  readonly chain: Chain;
  readonly anvil: Anvil;
  /** What the command line and SDKs read: where the market is, and the demo account's keys. */
  readonly profileFile: string;
  /** The demo account's, good for the REST API. */
  readonly apiKey: string;
  readonly server: Service;
  readonly nodes: readonly { readonly name: string; readonly address: `0x${string}`; readonly service: Service }[];
  /** Signed in as the demo requester. */
  readonly client: StoaClient;
  /** Starts the server again after it ended, on the same data and port. */
  restartServer(): Promise<void>;
  /** Starts a node again after it ended. */
  restartNode(name: string): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts chain, server, nodes and example agents on one machine, over a data folder that it can be started on again.
 * @throws {StoaError} `data_locked` when another process uses the folder
 */
export async function startLocalMarket(options: LocalOptions): Promise<LocalMarket> {
  const step = options.onStep ?? (() => {});
  await using starting = new AsyncDisposableStack();
  starting.use(await lockFolder(options.dataFolder));
  const built = buildExamples();
  built.catch(() => {});
  const local = await startChain(options, step);
  const { anvil, chain, book } = local;
  starting.use(anvil);
  const homes = await prepareNodes(options, local);
  step("funding the demo account and staking for the nodes");
  const funded = fundAll(local, homes);
  funded.catch(() => {});

  step("opening the database and the server");
  const port = options.port === 0 ? await freePort() : options.port;
  const where = { url: `http://127.0.0.1:${port}`, port, rpcUrl: anvil.rpcUrl, book };
  let server = await startServerService(options, where);
  starting.defer(() => server.stop());
  await server.ready;
  const hasDeposited = await funded;
  const client = createClient({ url: where.url, signer: wallets.requester });
  step("starting the nodes");
  const nodesStartedAt = Date.now();
  const nodes = await Promise.all(homes.map(({ node, home }) => startNode(options, node, home, where)));
  starting.defer(async () => void (await Promise.all(nodes.map(({ service }) => service.stop()))));
  step("building and publishing the example agents");
  await built;
  const agents = await publishExamples(
    createClient({ url: where.url, signer: wallets.creator }),
    wallets.creator,
    step,
  );
  const addresses = nodes.map(({ address }) => address);
  await until("every node to host every agent", READY_MS, () =>
    allHosting(client, addresses, { agents, since: nodesStartedAt }),
  );
  const hasFunds = async () => BigInt((await client.account.get()).balances.available) > 0n;
  if (hasDeposited) await until("the demo account's deposit", READY_MS, hasFunds);
  const profile = await writeProfile(options.dataFolder, client, where);

  const running = starting.move();
  return {
    url: where.url,
    rpcUrl: anvil.rpcUrl,
    book,
    chain,
    anvil,
    ...profile,
    nodes,
    client,
    get server() {
      return server;
    },
    async restartServer() {
      server = await startServerService(options, where);
      await server.ready;
    },
    async restartNode(name) {
      const node = nodes.find((candidate) => candidate.name === name);
      if (node) node.service = (await startNode(options, node.node, node.home, where)).service;
    },
    stop: () => running.disposeAsync(),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

async function startServerService(
  options: LocalOptions,
  where: { port: number; rpcUrl: string; book: AddressBook },
): Promise<Service> {
  const keyFile = join(options.dataFolder, "keys", "operator.key");
  await writeWallet(keyFile, wallets.operator);
  return spawnService({
    name: "server",
    script: "apps/server/src/main.ts",
    logFile: join(options.dataFolder, "logs", "server.log"),
    env: {
      STOA_DATA: options.dataFolder,
      STOA_PORT: String(where.port),
      STOA_RPC_URL: where.rpcUrl,
      STOA_PUBLISH_RPC: "yes",
      STOA_VAULT: where.book.vault,
      STOA_TOKEN: where.book.token,
      STOA_VAULT_BLOCK: String(where.book.deployedAtBlock),
      STOA_CHAIN_CONFIRMATIONS: "1",
      STOA_ANCHORS: where.book.anchors,
      STOA_OPERATOR_KEY_FILE: keyFile,
      STOA_APPROVAL_SECONDS: "300",
      // Rounds close as soon as every node has answered; a laptop that is busy may need longer than a server.
      STOA_ROUND_WINDOW_MS: "1000",
      STOA_MIN_BOND: String(MIN_BOND),
      ...(options.databaseUrl ? { DATABASE_URL: options.databaseUrl } : {}),
      ...options.serverEnv,
    },
  });
}

async function startNode(
  options: LocalOptions,
  node: LocalNode,
  home: NodeHome,
  where: { url: string; rpcUrl: string },
) {
  const logFile = join(options.dataFolder, "logs", `node-${node.name}.log`);
  const service = await startNodeService(node, home, { serverUrl: where.url, rpcUrl: where.rpcUrl, logFile });
  return { name: node.name, address: home.node, node, home, service };
}

/** A node that was online when the market was killed still says so at first: it counts from its coming on. */
async function allHosting(
  client: StoaClient,
  addresses: readonly string[],
  { agents, since }: { agents: number; since: number },
): Promise<boolean> {
  const { items } = await client.nodes.list();
  const hosts = (node: (typeof items)[number]) =>
    node.online && Date.parse(node.seenAt) >= since && node.agents.length >= agents;
  return addresses.every((address) => items.some((node) => node.id === address && hosts(node)));
}
