import { join } from "node:path";
import { connectMarket, type LinkState, type MarketLink } from "@stoa/network";
import { detectContainment, openKeyValueStore, sandboxReport } from "@stoa/sandbox";
import type { MarketInfo } from "@stoa/protocol";
import { type Logger, pino } from "pino";
import { createHosting } from "./agents/hosting.ts";
import { createRunners } from "./agents/runners.ts";
import { connectVault } from "./connect-vault.ts";
import type { NodeConfig } from "./config.ts";
import { createExecutions } from "./executions/executions.ts";
import { lockFolder } from "./folder-lock.ts";
import { handleMessage, type MessageRoom } from "./handle-message.ts";
import { openJournal } from "./journal.ts";
import { readLink } from "./link-file.ts";
import { createMarketApi, untilAvailable } from "./market-api.ts";
import { nodeKey } from "./node-key.ts";
import { createDurations } from "./rounds/durations.ts";
import { signUp } from "./sign-up.ts";
import { createSlots } from "./slots.ts";
import { createStatusFile } from "./status-file.ts";
import type { Terms } from "./terms.ts";

/** Time for the last results to be acknowledged before a node that drained ends; what is not comes with its next start. */
const LAST_WORDS_MS = 5_000;

export interface RunningNode extends AsyncDisposable {
  readonly nodeId: Terms["node"];
  state(): LinkState;
  /** Takes no more work, finishes what runs within the configured time, then stops. */
  drain(): Promise<void>;
}

/**
 * Starts a provider's node: it waits for its market, hosts agents, answers rounds and runs what it wins. Its
 * folder keeps everything it must not forget, so that after `kill -9` the next start goes on.
 * @throws {StoaError} `data_locked` or `invalid_configuration`
 * @example
 * await using node = await startNode(toConfig(readEnv()));
 */
export async function startNode(
  config: NodeConfig,
  log: Logger = pino({ level: config.logLevel, name: config.name }),
): Promise<RunningNode> {
  await using starting = new AsyncDisposableStack();
  const stopping = new AbortController();
  starting.use(await lockFolder(config.dataFolder));
  const [key, signed] = await Promise.all([nodeKey(config.keyFile), readLink(config.linkFile)]);
  const api = createMarketApi(config.serverUrl, stopping.signal);
  const market = await untilAvailable("starting", log, stopping.signal, () => api.market());
  const terms = signUp(config, market, key, signed);
  const vaultBalance = await connectVault(config.rpcUrl, terms, log);
  for (const line of sandboxReport(await detectContainment()).notContained)
    log.warn({ notContained: line }, "the sandbox on this host does not contain");

  const hosting = createHosting({ api, cacheFolder: join(config.dataFolder, "cache"), wanted: config.agents, log });
  await untilAvailable("reading the agents", log, stopping.signal, () => hosting.refresh());
  const keyValue = openKeyValueStore({ folder: join(config.dataFolder, "agents") });
  const runners = starting.use(createRunners(hosting, keyValue, config.httpAllow));
  const journal = await openJournal(join(config.dataFolder, "journal.jsonl"), Date.now);
  starting.defer(() => journal.close());
  const slots = createSlots(config.slots);
  const durations = createDurations();
  const timers = new Set<NodeJS.Timeout>();
  let isDraining = false;
  let state: LinkState = { status: "connecting" };
  let link: MarketLink | null = null;

  const status = createStatusFile(join(config.dataFolder, "status.json"), readStatus, (error) =>
    log.error({ err: error }, "the status file cannot be written"),
  );
  const executions = createExecutions({
    terms,
    journal,
    slots,
    runners,
    durations,
    log,
    agents: hosting.agents,
    bidOn: journal.bidOn,
    vaultBalance,
    now: Date.now,
    link: theLink,
    changed,
  });
  const room: MessageRoom = {
    executions,
    hosting,
    journal,
    changed,
    log,
    tellHosting,
    bidder: {
      terms,
      durations,
      slots,
      journal,
      log,
      agents: hosting.agents,
      isDraining: () => isDraining,
      now: Date.now,
      later,
      send: (sheet) => theLink().send(sheet),
    },
  };

  function theLink(): MarketLink {
    if (!link) throw new Error("the link is used before it stands");
    return link;
  }

  function later(ms: number, work: () => void): void {
    const timer = setTimeout(() => {
      timers.delete(timer);
      work();
    }, ms);
    timers.add(timer);
  }

  function changed(): void {
    link?.beat();
    status.changed();
  }

  function tellHosting(): void {
    status.changed();
    theLink()
      .send({ type: "hosting", slots: config.slots, agents: [...hosting.agents().keys()] })
      .catch((error: unknown) => log.error({ err: error }, "what is hosted could not be told"));
  }

  function readStatus() {
    const detail = state.status === "away" || state.status === "rejected" ? state.reason : "";
    return {
      pid: process.pid,
      node: terms.node,
      provider: terms.provider,
      name: config.name,
      server: config.serverUrl,
      connection: state.status,
      connectionDetail: detail,
      draining: isDraining,
      slots: config.slots,
      running: executions
        .running()
        .map(({ startedAtMs, ...running }) => ({ ...running, startedAt: new Date(startedAtMs).toISOString() })),
      agents: [...hosting.agents().values()].map(({ manifest }) => `${manifest.name}@${manifest.version}`),
      ...journal.totals(),
      updatedAt: new Date().toISOString(),
    };
  }

  /** The market may have come back elsewhere; another market under the same address is not this node's. */
  async function addresses(): Promise<string[]> {
    const now: MarketInfo = await api.market();
    if (
      now.chainId !== terms.domain.chainId ||
      now.vault.toLowerCase() !== terms.domain.vault.toLowerCase() ||
      now.operator.toLowerCase() !== terms.operator.toLowerCase()
    ) {
      throw new Error(
        `${config.serverUrl} is another market now (chain ${now.chainId}, vault ${now.vault}): start the node anew with a link for it`,
      );
    }
    return now.network.addresses;
  }

  function onState(next: LinkState): void {
    state = next;
    status.changed();
    if (next.status !== "online") return;
    log.info({ node: terms.node, feeBps: next.market.feeBps }, "connected to the market");
    hosting.refresh().then(
      (isChanged) => isChanged && tellHosting(),
      (error: unknown) => log.warn({ err: error }, "the agents could not be read"),
    );
  }

  link = await connectMarket({
    privateKey: key,
    addresses,
    hello: () => ({
      link: signed.link,
      linkSignature: signed.signature,
      name: config.name,
      slots: config.slots,
      agents: [...hosting.agents().keys()],
    }),
    heartbeat: () => ({
      freeSlots: isDraining ? 0 : Math.max(0, slots.total() - slots.running() - executions.waiting()),
      running: executions.running().map(({ taskId }) => taskId),
    }),
    outboxFolder: join(config.dataFolder, "outbox"),
    onMessage: (message) => handleMessage(message, room),
    onState,
    log,
  });
  const connected = link;
  await executions.resume();

  const resources = starting.move();
  let stopped: Promise<void> | null = null;
  async function stop(): Promise<void> {
    stopping.abort();
    for (const timer of timers) clearTimeout(timer);
    await executions.stop();
    await connected[Symbol.asyncDispose]();
    await status.flushed();
    await resources.disposeAsync();
  }

  return {
    nodeId: terms.node,
    state: () => state,
    async drain() {
      isDraining = true;
      changed();
      log.info({ running: executions.running().length }, "draining");
      const isIdle = await executions.idle(config.drainMs);
      if (!isIdle)
        log.warn({ running: executions.running().length }, "stopping with work unfinished; the next start takes it up");
      await connected.drained(LAST_WORDS_MS);
      await (stopped ??= stop());
    },
    [Symbol.asyncDispose]: () => (stopped ??= stop()),
  };
}
