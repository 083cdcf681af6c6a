import { join } from "node:path";
import { connectMarket, type LinkState, type MarketLink } from "@stoa/network";
import { type Logger, pino } from "pino";
import type { NodeConfig } from "./config.ts";
import { createExecutions } from "./executions/executions.ts";
import { handleMessage, type MessageRoom } from "./handle-message.ts";
import { createOpenAuctions } from "./open-auctions/open-auctions.ts";
import { type Prepared, prepareNode } from "./prepare-node.ts";
import { marketAddresses } from "./market-addresses.ts";
import { requireSameMarket } from "./require-same-market.ts";
import { createAnsweredRounds } from "./rounds/answered-rounds.ts";
import { createDurations } from "./rounds/durations.ts";
import { createSlots } from "./slots.ts";
import { createSubtasks } from "./subtasks/subtasks.ts";
import { createStatusFile, type NodeStatus } from "./status-file.ts";
import type { Terms } from "./terms.ts";
import { createTimers } from "./timers.ts";

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
  await using resources = new AsyncDisposableStack();
  const stopping = new AbortController();
  const prepared = await prepareNode(config, log, stopping.signal, resources);
  const node = wireNode(config, prepared, log);
  const link = await connectMarket({ ...node.linkOptions, log });
  await node.begin(link);
  const opened = resources.move();

  async function stop(): Promise<void> {
    stopping.abort();
    await node.end();
    await link[Symbol.asyncDispose]();
    await node.flushed();
    await opened.disposeAsync();
  }
  let stopped: Promise<void> | null = null;
  const dispose = () => (stopped ??= stop());
  return {
    nodeId: prepared.terms.node,
    state: link.state,
    async drain() {
      await node.drain();
      await link.drained(LAST_WORDS_MS);
      await dispose();
    },
    [Symbol.asyncDispose]: dispose,
  };
}

/** Wires the node's parts to one another: none of them does anything before the link brings a message. */
function wireNode(config: NodeConfig, prepared: Prepared, log: Logger) {
  const { terms, hosting, endpoints, journal, api } = prepared;
  const slots = createSlots(config.slots);
  const durations = createDurations();
  const timers = createTimers();
  let isDraining = false;
  let state: LinkState = { status: "connecting" };
  const standing = Promise.withResolvers<MarketLink>();
  let link: MarketLink | null = null;

  const theLink = () => link ?? unready();
  const agents = () => [...hosting.agents().values()];
  const report = (what: string) => (error: unknown) => log.error({ err: error }, what);
  const status = createStatusFile(
    join(config.dataFolder, "status.json"),
    readStatus,
    report("the status file cannot be written"),
  );
  const base = { ...prepared, slots, durations, log, agents: hosting.agents, now: Date.now };
  const subtasks = createSubtasks({ terms, log, link: theLink, now: Date.now });
  const executions = createExecutions({ ...base, subtasks, bidOn: journal.bidOn, link: theLink, changed });
  const answered = createAnsweredRounds(journal.answered(), Date.now);
  const bidding = { ...base, isDraining: () => isDraining, later: timers.later };
  const room: MessageRoom = {
    ...base,
    executions,
    subtasks,
    answered,
    changed,
    tellHosting,
    bidder: { ...bidding, send: (message) => theLink().send(message) },
    auctions: createOpenAuctions({
      ...bidding,
      answered,
      start: config.openStart,
      send: (offer) => theLink().send(offer),
    }),
  };

  function changed(): void {
    link?.beat();
    status.changed();
  }

  function tellHosting(): void {
    endpoints.follow();
    status.changed();
    const hosted = {
      type: "hosting" as const,
      slots: config.slots,
      agents: agents().map(({ versionId }) => versionId),
    };
    theLink().send(hosted).catch(report("what is hosted could not be told"));
  }

  function readStatus(): NodeStatus {
    return {
      pid: process.pid,
      node: terms.node,
      provider: terms.provider,
      name: config.name,
      server: config.serverUrl,
      connection: state.status,
      connectionDetail: "reason" in state ? state.reason : "",
      draining: isDraining,
      slots: config.slots,
      running: executions
        .running()
        .map(({ startedAtMs, ...of }) => ({ ...of, startedAt: new Date(startedAtMs).toISOString() })),
      agents: agents().map(({ manifest }) => `${manifest.name}@${manifest.version}`),
      endpoints: endpoints.status(),
      ...journal.totals(),
      updatedAt: new Date().toISOString(),
    };
  }

  function onState(next: LinkState): void {
    state = next;
    status.changed();
    if (next.status !== "online") return;
    log.info({ node: terms.node, feeBps: next.market.feeBps }, "connected to the market");
    const refreshed = hosting.refresh().then((isChanged) => isChanged && tellHosting());
    refreshed.catch((error: unknown) => log.warn({ err: error }, "the agents could not be read"));
  }

  return {
    linkOptions: {
      privateKey: prepared.key,
      outboxFolder: join(config.dataFolder, "outbox"),
      addresses: marketAddresses(api, (market) => requireSameMarket(market, terms, config.serverUrl)),
      hello: () => ({
        link: prepared.signed.link,
        linkSignature: prepared.signed.signature,
        name: config.name,
        slots: config.slots,
        agents: agents().map(({ versionId }) => versionId),
      }),
      heartbeat: () => ({
        freeSlots: isDraining ? 0 : Math.max(0, slots.total() - slots.running() - executions.waiting()),
        running: executions.running().map(({ taskId }) => taskId),
      }),
      onMessage: async (message: Parameters<typeof handleMessage>[0]) => {
        await standing.promise;
        await handleMessage(message, room);
      },
      onState,
    },
    async begin(connected: MarketLink): Promise<void> {
      link = connected;
      endpoints.watch(status.changed);
      await executions.resume();
      standing.resolve(connected);
    },
    async drain(): Promise<void> {
      isDraining = true;
      changed();
      log.info({ running: executions.running().length }, "draining");
      if (await executions.idle(config.drainMs)) return;
      log.warn({ running: executions.running().length }, "stopping with work unfinished; the next start takes it up");
    },
    async end(): Promise<void> {
      timers[Symbol.dispose]();
      await executions.stop();
    },
    flushed: () => status.flushed(),
  };
}

function unready(): never {
  throw new Error("the link is used before it stands");
}
