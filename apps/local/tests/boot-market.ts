import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LocalMarket, type LocalNode, type LocalOptions, startLocalMarket, until, wallets } from "@stoa/local";
import { type Hash, hashBytes, type Manifest } from "@stoa/protocol";
import { createClient } from "@stoa/sdk";

/** How long anything of a whole market may take on a machine that is busy with other tests. */
export const PATIENCE_MS = 60_000;

/** Rounds end when all have answered: a long window only keeps a busy machine from making nodes late. */
const ROUND_WINDOW_MS = "3000";

export const NODES: readonly LocalNode[] = [
  { name: "attica", slots: 2, cost: "base=0.004,kib=0.0001,second=0.00001" },
  { name: "boeotia", slots: 2, cost: "base=0.006,kib=0.0001,second=0.00001" },
];

export interface BootedMarket extends AsyncDisposable {
  readonly market: LocalMarket;
  readonly dataFolder: string;
  /** Stops the whole market and starts it again on the same data. */
  startAgain(): Promise<void>;
}

/** Boots a whole market in processes, on a data folder that goes with it. */
export async function bootMarket(options: Partial<LocalOptions> = {}): Promise<BootedMarket> {
  const dataFolder = await mkdtemp(join(tmpdir(), "stoa-market-"));
  const start = () =>
    startLocalMarket({
      dataFolder,
      port: 0,
      nodes: NODES,
      ...options,
      serverEnv: { STOA_ROUND_WINDOW_MS: ROUND_WINDOW_MS, ...options.serverEnv },
    });
  let market = await start();
  return {
    get market() {
      return market;
    },
    dataFolder,
    async startAgain() {
      await market.stop();
      market = await start();
    },
    async [Symbol.asyncDispose]() {
      await market.stop();
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}

/** Waits until a node's daemon, as it runs now, has its stream to the market. */
export function untilConnected({ market, dataFolder }: BootedMarket, name: string): Promise<unknown> {
  return until(`${name} to be connected`, PATIENCE_MS, async () => {
    const status = JSON.parse(await readFile(join(dataFolder, "nodes", name, "status.json"), "utf8")) as {
      pid: number;
      connection: string;
    };
    return status.connection === "online" && status.pid === nodeOf(market, name).service.pid;
  });
}

export function nodeOf(market: LocalMarket, name: string): LocalMarket["nodes"][number] {
  const node = market.nodes.find((candidate) => candidate.name === name);
  if (!node) throw new Error(`there is no node ${name}`);
  return node;
}

/** Publishes an agent of the tests, and waits until every node hosts it. */
export async function publishTestAgent(
  market: LocalMarket,
  agent: Pick<Manifest, "name" | "capabilities"> & Partial<Manifest> & { source: string },
): Promise<Hash> {
  const { source, ...own } = agent;
  const artifact = Buffer.from(source);
  const manifest: Manifest = {
    stoa: 1,
    version: "1.0.0",
    description: "an agent of the tests",
    input: { type: "object" },
    output: { type: "object" },
    artifact: { kind: "js", hash: hashBytes(artifact), bytes: artifact.length },
    limits: { memoryMb: 64, timeMs: 30_000, outputBytes: 10_000, logBytes: 10_000 },
    grants: {},
    royalty: "500",
    licence: "Apache-2.0",
    ...own,
  };
  const creator = createClient({ url: market.url, signer: wallets.creator });
  const { versionId } = await creator.agents.publish({ manifest, artifact, signer: wallets.creator });
  await until(`every node to host ${manifest.name}`, PATIENCE_MS, async () => {
    const { items } = await market.client.nodes.list();
    return items.every((node) => node.agents.includes(versionId));
  });
  return versionId;
}

/**
 * Waits at the gate its input names until that gate is open on the node it runs on: a test decides by it how long an
 * execution lasts, and on which node it ends.
 */
export const gatekeeper = {
  name: "gatekeeper",
  capabilities: ["test.gate"],
  grants: { keyValue: true as const },
  source: `export async function run({ gate }, context) {
    context.log("waiting at", gate);
    while (!(await context.call("kv.get", { key: gate }))) for (const end = Date.now() + 25; Date.now() < end;);
    return { gate };
  }`,
};

/** Fails on whatever it is given. */
export const picky = {
  name: "picky",
  capabilities: ["test.fail"],
  source: `export function run({ colour }) { throw new Error("no taste for " + colour); }`,
};

/** Opens gates on a node; it sees them at its first look, or after a restart. */
export async function openGates(
  dataFolder: string,
  node: string,
  agentVersion: Hash,
  gates: readonly string[],
): Promise<void> {
  const folder = join(dataFolder, "nodes", node, "agents");
  await mkdir(folder, { recursive: true });
  await writeFile(
    join(folder, `${agentVersion}.json`),
    JSON.stringify(Object.fromEntries(gates.map((gate) => [gate, "true"]))),
  );
}
