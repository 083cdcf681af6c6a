import { join } from "node:path";
import { type AddressBook, type Anvil, type Chain, sponsoredContracts } from "@stoa/chain";
import { freePort, lockFolder, type NodeHome } from "@stoa/host";
import { StoaError } from "@stoa/protocol";
import { createClient, type StoaClient } from "@stoa/sdk";
import type { LocalNode, LocalOptions } from "./options.ts";
import { buildWeb } from "./build-web.ts";
import { buildExamples, publishExamples } from "./publish-examples.ts";
import { type Service, spawnService } from "./spawn-service.ts";
import { fundAll, prepareNodes, startChain } from "./start-chain.ts";
import { startNodeService } from "./start-node-service.ts";
import { until } from "./until.ts";
import { wallets, writeWallet } from "./wallets.ts";
import { writeProfile } from "./write-profile.ts";

const READY_MS = 60_000;
const PORT_ATTEMPTS = 3;
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
  /** The first server; all of them are {@link servers}. */
  readonly server: Service;
  readonly servers: readonly { readonly url: string; readonly service: Service }[];
  readonly nodes: readonly { readonly name: string; readonly address: `0x${string}`; readonly service: Service }[];
  /** Signed in as the demo requester. */
  readonly client: StoaClient;
  /** Starts a server, the first unless said otherwise, again after it ended, on the same data and port. */
  restartServer(index?: number): Promise<void>;
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
  const builtWeb = buildWeb();
  builtWeb.catch(() => {});
  const local = await startChain(options, step);
  const { anvil, chain, book } = local;
  starting.use(anvil);
  const homes = await prepareNodes(options, local);
  step("funding the demo account and staking for the nodes");
  const funded = fundAll(local, homes);
  funded.catch(() => {});

  step("opening the database and the server");
  await builtWeb;
  const servers = await startServers(options, { rpcUrl: anvil.rpcUrl, book }, starting);
  const where = { url: servers[0].url, rpcUrl: anvil.rpcUrl, book };
  const hasDeposited = await funded;
  const client = createClient({ url: where.url, signer: wallets.requester });
  step("starting the nodes");
  const nodesStartedAt = Date.now();
  const urlOf = (index: number) => servers[index % servers.length]!.url;
  const nodes = await Promise.all(
    homes.map(({ node, home }, i) => startNode(options, node, home, { ...where, url: urlOf(i) })),
  );
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
      return servers[0].service;
    },
    servers,
    async restartServer(index = 0) {
      const server = servers[index]!;
      server.service = await server.start();
      await server.service.ready;
    },
    async restartNode(name) {
      const at = nodes.findIndex((candidate) => candidate.name === name);
      const node = nodes[at];
      if (node) node.service = (await startNode(options, node.node, node.home, { ...where, url: urlOf(at) })).service;
    },
    stop: () => running.disposeAsync(),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

interface LocalServer {
  url: string;
  service: Service;
  start(): Promise<Service>;
}

/** Starts the servers one after another: the first brings the schema up to date. */
async function startServers(
  options: LocalOptions,
  chain: { rpcUrl: string; book: AddressBook },
  starting: AsyncDisposableStack,
): Promise<[LocalServer, ...LocalServer[]]> {
  const start = async (index: number, attempts = PORT_ATTEMPTS): Promise<LocalServer> => {
    const isAnyPort = options.port === 0 || index > 0;
    const port = isAnyPort ? await freePort() : options.port;
    const again = () => startServerService(options, { ...chain, port, index });
    const server = { url: `http://127.0.0.1:${port}`, service: await again(), start: again };
    starting.defer(() => server.service.stop());
    try {
      await server.service.ready;
    } catch (error) {
      // A port that was free may be another program's by the time the server is ready to listen.
      if (isAnyPort && attempts > 1 && isPortTaken(error)) return await start(index, attempts - 1);
      throw error;
    }
    return server;
  };
  const servers: [LocalServer, ...LocalServer[]] = [await start(0)];
  for (let index = 1; index < (options.servers ?? 1); index += 1) servers.push(await start(index));
  return servers;
}

function isPortTaken(error: unknown): boolean {
  return error instanceof StoaError && error.code === "invalid_configuration" && error.message.includes("listens on");
}

async function startServerService(
  options: LocalOptions,
  where: { port: number; rpcUrl: string; book: AddressBook; index: number },
): Promise<Service> {
  const keyFile = join(options.dataFolder, "keys", "operator.key");
  await writeWallet(keyFile, wallets.operator);
  return spawnService({
    name: "server",
    script: "apps/server/src/main.ts",
    logFile: join(options.dataFolder, "logs", where.index === 0 ? "server.log" : `server-${where.index + 1}.log`),
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
      STOA_PAYMASTER: where.book.paymaster,
      STOA_SPONSORED: sponsoredContracts(where.book).join(","),
      STOA_OPERATOR_KEY_FILE: keyFile,
      STOA_APPROVAL_SECONDS: "300",
      // Rounds close as soon as every node has answered; a laptop that is busy may need longer than a server.
      STOA_ROUND_WINDOW_MS: "1000",
      STOA_MIN_BOND: String(MIN_BOND),
      ...(options.databaseUrl ? { DATABASE_URL: options.databaseUrl } : {}),
      ...options.serverEnv,
      ...options.serverEnvOf?.(where.index),
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
  const { url: serverUrl, rpcUrl } = where;
  const service = await startNodeService(node, home, { serverUrl, rpcUrl, logFile, env: options.nodeEnv });
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
