import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import {
  type AddressBook,
  type Anvil,
  type Chain,
  connectChain,
  createSender,
  deployMarket,
  startAnvil,
} from "@stoa/chain";
import { lockFolder, type NodeHome, prepareNodeHome, writeWhole } from "@stoa/host";
import { createClient, type StoaClient } from "@stoa/sdk";
import { fundNode, fundRequester, type Funding } from "./fund-accounts.ts";
import type { LocalNode, LocalOptions } from "./options.ts";
import { buildExamples, publishExamples } from "./publish-examples.ts";
import { type Service, spawnService } from "./spawn-service.ts";
import { startNodeService } from "./start-node-service.ts";
import { until } from "./until.ts";
import { wallets, writeWallet } from "./wallets.ts";

const READY_MS = 60_000;
const WITHDRAW_DELAY_SECONDS = 86_400;
const CHALLENGE_WINDOW_SECONDS = 60;
const FEE_BPS = 250;
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
  const stack = new AsyncDisposableStack();
  try {
    stack.use(await lockFolder(options.dataFolder));
    const built = buildExamples();
    built.catch(() => {});
    step("starting the local chain");
    const anvil = stack.use(
      await startAnvil({ stateFile: join(options.dataFolder, "chain", "state.json"), blockTimeSeconds: 0.25 }),
    );
    const chain = await connectChain({ rpcUrl: anvil.rpcUrl });
    step("deploying the vault and the test dollar");
    const minter = createSender(chain, wallets.operator);
    const book = await deploy(options, minter);
    const funding: Funding = { chain, vault: book.vault, token: book.token, minter };
    const homes = await prepareNodes(options, book, chain.chainId);
    step("funding the demo account and staking for the nodes");
    const funded = Promise.all([
      fundRequester(funding, wallets.requester),
      ...homes.map(({ home, provider }) => fundNode(funding, provider, home.node)),
    ]);
    funded.catch(() => {});

    step("opening the database and the server");
    const port = options.port === 0 ? await freePort() : options.port;
    const url = `http://127.0.0.1:${port}`;
    const startServer = () => startServerService(options, { port, rpcUrl: anvil.rpcUrl, book });
    let server = await startServer();
    stack.defer(() => server.stop());
    await server.ready;
    await funded;
    const client = createClient({ url, signer: wallets.requester });
    step("starting the nodes");
    const nodes = await Promise.all(
      homes.map(({ node, home }) => startNode(options, node, home, { url, rpcUrl: anvil.rpcUrl })),
    );
    stack.defer(async () => void (await Promise.all(nodes.map(({ service }) => service.stop()))));
    step("building and publishing the example agents");
    await built;
    const agents = await publishExamples(createClient({ url, signer: wallets.creator }), wallets.creator, step);
    await until("every node to host every agent", READY_MS, () =>
      allHosting(
        client,
        nodes.map(({ address }) => address),
        agents,
      ),
    );
    await until(
      "the demo account's deposit",
      READY_MS,
      async () => BigInt((await client.account.get()).balances.available) > 0n,
    );
    const profileFile = await writeProfile(options.dataFolder, client, { url, rpcUrl: anvil.rpcUrl, book });

    const owned = stack.move();
    return {
      url,
      rpcUrl: anvil.rpcUrl,
      book,
      chain,
      anvil,
      profileFile,
      get server() {
        return server;
      },
      nodes,
      client,
      async restartServer() {
        server = await startServer();
        await server.ready;
      },
      async restartNode(name) {
        const node = nodes.find((candidate) => candidate.name === name);
        if (node)
          node.service = (await startNode(options, node.node, node.home, { url, rpcUrl: anvil.rpcUrl })).service;
      },
      stop: () => owned.disposeAsync(),
      [Symbol.asyncDispose]: () => owned.disposeAsync(),
    };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

function deploy(options: LocalOptions, sender: ReturnType<typeof createSender>): Promise<AddressBook> {
  return deployMarket({
    sender,
    bookFile: join(options.dataFolder, "chain", "addresses.json"),
    parameters: {
      operator: wallets.operator.address,
      arbiter: wallets.arbiter.address,
      feeRecipient: wallets.treasury.address,
      faultPool: wallets.arbiter.address,
      feeBps: FEE_BPS,
      challengeBondBps: 500,
      withdrawDelay: options.withdrawDelaySeconds ?? WITHDRAW_DELAY_SECONDS,
      challengeWindow: options.challengeWindowSeconds ?? CHALLENGE_WINDOW_SECONDS,
    },
  });
}

function prepareNodes(options: LocalOptions, book: AddressBook, chainId: number) {
  return Promise.all(
    options.nodes.map(async (node, index) => {
      const provider = wallets.providers[index % wallets.providers.length] ?? wallets.operator;
      const home = await prepareNodeHome(join(options.dataFolder, "nodes", node.name), {
        provider,
        domain: { chainId, vault: book.vault },
        now: Date.now(),
      });
      return { node, provider, home };
    }),
  );
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
  market: { url: string; rpcUrl: string },
) {
  const logFile = join(options.dataFolder, "logs", `node-${node.name}.log`);
  const service = await startNodeService(node, home, { serverUrl: market.url, rpcUrl: market.rpcUrl, logFile });
  return { name: node.name, address: home.node, node, home, service };
}

async function allHosting(client: StoaClient, addresses: readonly string[], agents: number): Promise<boolean> {
  const { items } = await client.nodes.list();
  return addresses.every((address) =>
    items.some((node) => node.id === address && node.online && node.agents.length >= agents),
  );
}

/** What the command line reads; the demo account's API key is made once. */
async function writeProfile(
  dataFolder: string,
  client: StoaClient,
  where: { url: string; rpcUrl: string; book: AddressBook },
): Promise<string> {
  const file = join(dataFolder, "demo", "profile.json");
  const walletKeyFile = join(dataFolder, "demo", "wallet.key");
  await writeWallet(walletKeyFile, wallets.requester);
  const before = JSON.parse(await readFile(file, "utf8").catch(() => "{}")) as { apiKey?: string };
  const apiKey =
    (await stillGood(where.url, before.apiKey)) ??
    (
      await client.auth.createKey({
        name: "local demo",
        scopes: ["tasks:read", "tasks:write", "agents:write", "account:read"],
      })
    ).key;
  const profile = { url: where.url, rpcUrl: where.rpcUrl, walletKeyFile, apiKey, addressBook: where.book };
  await writeWhole(file, `${JSON.stringify(profile, null, 2)}\n`, 0o600);
  return file;
}

async function stillGood(url: string, apiKey: string | undefined): Promise<string | undefined> {
  if (!apiKey) return undefined;
  return createClient({ url, apiKey })
    .auth.session()
    .then(
      () => apiKey,
      () => undefined,
    );
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
