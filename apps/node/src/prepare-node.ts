import { join } from "node:path";
import { ensureKeyFile, lockFolder, openTaskTraces, readNodeLink, type SignedLink, type TaskTraces } from "@stoa/host";
import { detectContainment, type MeteredCall, openKeyValueStore, readModels, sandboxReport } from "@stoa/sandbox";
import { type Address, signingAccount } from "@stoa/protocol";
import type { Hex } from "viem";
import type { Logger } from "pino";
import { createEndpoints, type Endpoints } from "./agents/endpoints.ts";
import { createHosting, type Hosting } from "./agents/hosting.ts";
import { openContainerHost } from "./agents/open-container-host.ts";
import { createRunners, type Runners } from "./agents/runners.ts";
import type { NodeConfig } from "./config.ts";
import { connectBonds } from "./connect-bonds.ts";
import { connectVault } from "./connect-vault.ts";
import { type BondCovers, createBondReliance } from "./executions/bond-reliance.ts";
import { type Journal, openJournal } from "./journal.ts";
import { createMarketApi, type MarketApi, untilAvailable } from "./market-api.ts";
import { openReceipts, type Receipts } from "./rounds/receipts.ts";
import { signUp } from "./sign-up.ts";
import type { Terms } from "./terms.ts";

/** What a node has opened before it connects. */
export interface Prepared {
  key: Hex;
  signed: SignedLink;
  terms: Terms;
  api: MarketApi;
  hosting: Hosting;
  endpoints: Endpoints;
  runners: Runners;
  journal: Journal;
  receipts: Receipts;
  traces: TaskTraces;
  vaultBalance: (requester: Address) => Promise<bigint | null>;
  bondCovers: BondCovers;
}

/**
 * Locks the node's folder, reads its key and link, waits for its market and fetches the agents it hosts.
 * @param resources takes everything that must be closed again
 * @throws {StoaError} `data_locked` or `invalid_configuration`
 */
export async function prepareNode(
  config: NodeConfig,
  log: Logger,
  signal: AbortSignal,
  resources: AsyncDisposableStack,
): Promise<Prepared> {
  resources.use(await lockFolder(config.dataFolder));
  const [key, signed] = await Promise.all([ensureKeyFile(config.keyFile), readNodeLink(config.linkFile)]);
  const api = createMarketApi(config.serverUrl, signal);
  const market = await untilAvailable("starting", log, signal, () => api.market());
  const terms = signUp(config, market, key, signed);
  const vaultBalance = await connectVault(config.rpcUrl, terms, log);
  const bondCovers = await relyOnBonds(config, terms, log);
  for (const line of sandboxReport(await detectContainment()).notContained) {
    log.warn({ notContained: line }, "the sandbox on this host does not contain");
  }
  const containers = await openContainerHost(config.dockerSocket, terms.node, log);
  const cacheFolder = join(config.dataFolder, "cache");
  // Which variables hold keys is known only by the file that names them.
  const models =
    config.llmFile === null
      ? new Map<never, never>()
      : await readModels(config.llmFile, { decimals: terms.decimals, env: process.env });
  const hosting = createHosting({
    api,
    cacheFolder,
    cacheBytes: config.cacheBytes,
    wanted: config.agents,
    models,
    remote: config.remote,
    hasContainers: containers !== undefined,
    log,
  });
  await hosting.sweep();
  await untilAvailable("reading the agents", log, signal, () => hosting.refresh());
  const { chainId } = terms.domain;
  const remote = { allowLoopback: config.remote === "loopback", signer: { ...signingAccount(key), chainId } };
  const endpoints = resources.use(createEndpoints({ hosting, remote, everyMs: config.probeMs, log }));
  const given = {
    keyValue: openKeyValueStore({ folder: join(config.dataFolder, "agents") }),
    ...(config.httpAllow.length > 0 ? { http: { allowedHosts: config.httpAllow } } : {}),
    ...(models.size > 0 ? { llm: { models } } : {}),
    onCall: (call: MeteredCall) => logCall(log, call),
  };
  const runners = resources.use(createRunners({ hosting, given, remote, containers }));
  const journal = await openJournal(join(config.dataFolder, "journal.jsonl"), Date.now);
  resources.defer(() => journal.close());
  const receipts = resources.use(
    await openReceipts({ path: join(config.dataFolder, "receipts.jsonl"), terms, api, log }),
  );
  const traces = resources.use(
    await openTaskTraces({ ...config.tracing, service: "stoa-node", version: market.version, instance: terms.node }),
  );
  return { traces, key, signed, terms, api, hosting, endpoints, runners, journal, receipts, vaultBalance, bondCovers };
}

async function relyOnBonds({ rpcUrl, bonds }: NodeConfig, terms: Terms, log: Logger): Promise<BondCovers> {
  if (rpcUrl === null || bonds === null) return async () => false;
  return createBondReliance(await connectBonds({ rpcUrl, bonds }, terms, log));
}

/** A provider that turns the node down is its operator's business; an ordinary call is not. */
function logCall(log: Logger, { ms, ...call }: MeteredCall): void {
  const fields = { ...call, ms: Math.round(ms) };
  if (call.fault === undefined) log.debug(fields, "an agent called");
  else log.warn(fields, "a language model failed an agent");
}
