import { setTimeout as setTimer } from "node:timers";
import { type Address, type EventRecord, limits, type RoundId } from "@stoa/protocol";
import { listWaitingCapabilities } from "@stoa/store";
import { announceRounds } from "./announce-rounds.ts";
import { askableNodes } from "./askable-nodes.ts";
import { closeLeftOpen } from "./close-left-open.ts";
import type { EffectContext } from "./effect-context.ts";
import { gatherSheets, type ToldCosts } from "./gather-sheets.ts";
import type { Servers } from "./join-servers.ts";
import { openOwnRounds } from "./open-own-rounds.ts";
import { Punctuality } from "./punctuality.ts";
import type { ServerSignals } from "./server-signals.ts";
import { ASKABLE_AGAIN, FREES_A_SLOT, LONGEST_REST_MS } from "./resting.ts";

type RoundsContext = Pick<EffectContext, "database" | "market" | "hub" | "log" | "signal"> & {
  /** How long a task without a taker waits for its next round. */
  retryMs: number;
  servers: Servers;
  signals: ServerSignals;
};

/**
 * The round clock: opens, announces and closes rounds, one at a time for each capability. A capability's rounds are run
 * by one server process, and ask the nodes of all.
 */
export interface Rounds {
  /**
   * Tells that a node's sheet was taken, and what else it told. The server that runs the round hears of the sheet from
   * whichever server took it; what else was told stays here, and only makes the reasons of its own rounds more exact.
   */
  answered(roundId: RoundId, node: Address, costs: ToldCosts): void;
  /** Tells that a node's sheet was turned away because its stake does not cover it: of use to a round run here. */
  stakeTooSmall(roundId: RoundId, node: Address): void;
  /** Looks at a capability's waiting tasks; all capabilities with waiting tasks when none is named. */
  consider(capability?: string): void;
  readonly ended: Promise<void>;
}

/*
 *   idle ──a task waits──▶ clearing ──all answered, or window over──▶ idle
 *     ▲                        └──tasks left unserved──▶ resting ──retryMs, or a node freed──┐
 *     └──────────────────────────────────────────────────────────────────────────────────────┘
 *
 * Segments run side by side: what one waits for, a slow node or a round left open, holds no other up. Tasks that come
 * while a round is open are cleared together in the next one, which opens the moment this one is closed.
 */
interface Segment {
  clearing: boolean;
  /** Something happened while it was clearing: look again. */
  again: boolean;
  retry: NodeJS.Timeout | undefined;
  /** A round may stand open that a crash or a fault left: it is closed before the next. */
  broken: boolean;
  /** Rests in a row: each lasts twice as long as the one before. */
  rests: number;
}

/** Runs the round clock until the signal ends it. Rounds a crash left open are closed first, each in its segment. */
export function runRounds(context: RoundsContext): Rounds {
  const { database, market, servers, signals, log, signal } = context;
  const announcer = announceRounds(context);
  const own = openOwnRounds(context, announcer);
  const segments = new Map<string, Segment>();
  const work = new Set<Promise<void>>();
  const punctuality = new Punctuality();
  const { gather, answered, stakeTooSmall } = gatherSheets({ ...context, announcer }, punctuality);
  let looking: "no" | "yes" | "again" = "no";

  function segmentOf(capability: string): Segment {
    const known = segments.get(capability);
    if (known) return known;
    const fresh: Segment = { clearing: false, again: false, retry: undefined, broken: false, rests: 0 };
    segments.set(capability, fresh);
    return fresh;
  }

  function consider(capability?: string): void {
    if (signal.aborted) return;
    if (capability === undefined) return track(considerAll());
    if (!servers.owns(capability)) return;
    const segment = segmentOf(capability);
    segment.again = true;
    clearTimeout(segment.retry);
    if (!segment.clearing) track(clear(capability, segment));
  }

  /** Five hundred nodes that come online at once ask for this as often: those that come during a look share the next. */
  async function considerAll(): Promise<void> {
    const isUnderWay = looking !== "no";
    looking = isUnderWay ? "again" : "yes";
    if (isUnderWay) return;
    try {
      do {
        looking = "yes";
        for (const capability of await listWaitingCapabilities(database, market.now())) consider(capability);
      } while (isWanted());
    } finally {
      looking = "no";
    }
  }

  function isWanted(): boolean {
    return looking === "again" && !signal.aborted;
  }

  async function clear(capability: string, segment: Segment): Promise<void> {
    segment.clearing = true;
    try {
      while (segment.again && !signal.aborted) {
        segment.again = false;
        if (segment.broken) await closeLeftOpen(context, capability);
        segment.broken = false;
        const left = await runRound(capability);
        if (left === "unserved") rest(capability, segment);
        else segment.rests = 0;
        if (left === "more") segment.again = true;
      }
    } catch (error) {
      if (signal.aborted) return;
      log.error({ err: error, capability }, "a round failed and will be tried again");
      segment.broken = true;
      rest(capability, segment);
    } finally {
      segment.clearing = false;
    }
  }

  function rest(capability: string, segment: Segment): void {
    clearTimeout(segment.retry);
    const restMs = Math.min(LONGEST_REST_MS, context.retryMs * 2 ** segment.rests);
    segment.rests += 1;
    if (!signal.aborted) segment.retry = setTimer(() => consider(capability), restMs);
  }

  /** What it left: tasks without a taker, tasks that it had no place for, or nothing. */
  async function runRound(capability: string): Promise<"unserved" | "more" | "nothing"> {
    const nodes = await askableNodes(context, capability);
    if (nodes.length === 0) return (await market.tellUnasked({ capability })) ? "unserved" : "nothing";
    const asked = nodes.map((node) => ({ node, waitedFor: punctuality.isPunctual(node) }));
    const round = await own.open(capability, asked);
    if (!round) return "nothing";
    const { reason, asides } = await gather(round);
    const closed = await market.closeRound(round.roundId, reason, asides);
    if (closed && closed.unserved.length > 0) return "unserved";
    return round.opening.tasks.length < limits.tasksPerRound ? "nothing" : "more";
  }

  function track(promise: Promise<void>): void {
    const settled: Promise<void> = promise
      .catch((error: unknown) => signal.aborted || log.error({ err: error }, "the round clock failed"))
      .then(() => void work.delete(settled));
    work.add(settled);
  }

  function onEvents(events: readonly EventRecord[]): void {
    for (const event of events) {
      if (event.type === "task.opened" || event.type === "task.retried")
        consider((event as EventRecord<"task.opened" | "task.retried">).data.capability);
      else if (event.type === "round.opened") own.opened((event as EventRecord<"round.opened">).data);
      else if (event.type === "round.closed") onClosed((event as EventRecord<"round.closed">).data);
      else if (FREES_A_SLOT.has(event.type)) considerResting();
      else if (ASKABLE_AGAIN.has(event.type)) consider();
    }
  }

  function onClosed({ roundId, capability }: EventRecord<"round.closed">["data"]): void {
    announcer.closed(roundId as RoundId);
    // Tasks of ours may have waited for the end of a round that another server, or one that is gone, had opened.
    if (!own.isOwn(roundId as RoundId)) consider(capability);
  }

  /** A slot came free: what rests without a taker may have one now. */
  function considerResting(): void {
    for (const [capability, { rests }] of segments) if (rests > 0) consider(capability);
  }

  async function lookAtAll(): Promise<void> {
    for (const capability of await openSegments(context)) {
      if (!servers.owns(capability)) continue;
      segmentOf(capability).broken = true;
      consider(capability);
    }
    await considerAll();
  }

  const look = () => track(lookAtAll());
  const unsubscribe = [market.events.onAppended(onEvents), market.events.onGap(look)];
  // Another server tells no costs: that its node answered is all that the round waits for.
  signals.onAnswered((roundId, node) => void answered(roundId, node, new Map()));
  signals.onLook(() => consider());
  servers.onChange(look);
  look();
  const ended = new Promise<void>((resolve) => {
    signal.addEventListener("abort", () => {
      unsubscribe.forEach((stop) => stop());
      for (const { retry } of segments.values()) clearTimeout(retry);
      resolve(Promise.allSettled(work).then(() => undefined));
    });
  });
  return {
    answered(roundId, node, costs) {
      if (!answered(roundId, node, costs)) signals.answered(roundId, node);
    },
    stakeTooSmall,
    consider(capability) {
      consider(capability);
      if (capability === undefined) signals.look();
    },
    ended,
  };
}

/** The capabilities whose round stands open. */
async function openSegments({ database }: Pick<RoundsContext, "database">): Promise<string[]> {
  const rows = await database.query<{ capability: string }>("select capability from rounds where state = 'open'");
  return rows.map(({ capability }) => capability);
}
