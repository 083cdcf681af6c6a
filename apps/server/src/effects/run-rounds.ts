import type { OpenedRound } from "@stoa/market";
import type { Address, EventRecord, EventType, RoundId } from "@stoa/protocol";
import { announceRounds } from "./announce-rounds.ts";
import { closeLeftOpen, untilInstant } from "./close-left-open.ts";
import type { EffectContext } from "./effect-context.ts";
import { hostingNodes, waitingCapabilities } from "./hosting-nodes.ts";
import type { Servers } from "./join-servers.ts";
import { Punctuality } from "./punctuality.ts";
import type { ServerSignals } from "./server-signals.ts";

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
  /** Tells that a node's sheet was taken. */
  answered(roundId: RoundId, node: Address): void;
  /** Looks at a capability's waiting tasks; all capabilities with waiting tasks when none is named. */
  consider(capability?: string): void;
  readonly ended: Promise<void>;
}

/*
 *   idle ──a task waits──▶ clearing ──all answered, or window over──▶ idle
 *     ▲                        └──tasks left unserved──▶ resting ──retryMs, or a node freed──┐
 *     └──────────────────────────────────────────────────────────────────────────────────────┘
 */
interface Segment {
  clearing: boolean;
  /** While a round is being opened: rounds of the capability that opened meanwhile, by whoever. */
  opened: RoundId[] | undefined;
  /** Something happened while it was clearing: look again. */
  again: boolean;
  retry: NodeJS.Timeout | undefined;
  /** A round failed: it may stand open, and is closed before the next. */
  broken: boolean;
  /** Rests in a row: each lasts twice as long as the one before. */
  rests: number;
}

/** Own rounds are told apart from others' when their events come, which is soon. */
const MOST_REMEMBERED = 1_000;
const FREES_A_SLOT: ReadonlySet<EventType> = new Set([
  "task.delivered",
  "task.failed",
  "task.dead",
  "task.attempt_failed",
] satisfies EventType[]);
const LETS_TASKS_BE_TAKEN: ReadonlySet<EventType> = new Set([
  "task.reopened",
  "node.online",
  "agent.published",
] satisfies EventType[]);
/** A task nobody takes is offered again at least this often. */
const LONGEST_REST_MS = 30_000;

interface Waiting {
  left: Set<Address>;
  openedAt: number;
  windowMs: number;
  done: () => void;
}

/** Runs the round clock until the signal ends it. Rounds a crash left open are closed first. */
export function runRounds(context: RoundsContext): Rounds {
  const { market, servers, signals, log, signal } = context;
  const announcer = announceRounds(context);
  const segments = new Map<string, Segment>();
  const waiting = new Map<RoundId, Waiting>();
  /** The latest rounds this server opened. */
  const own = new Set<RoundId>();
  const work = new Set<Promise<void>>();
  const punctuality = new Punctuality();

  function consider(capability?: string): void {
    if (signal.aborted) return;
    if (capability === undefined) return track(considerAll());
    if (!servers.owns(capability)) return;
    const segment = segments.get(capability) ?? {
      clearing: false,
      opened: undefined,
      again: false,
      retry: undefined,
      broken: false,
      rests: 0,
    };
    segments.set(capability, segment);
    segment.again = true;
    clearTimeout(segment.retry);
    if (!segment.clearing) track(clear(capability, segment));
  }

  async function considerAll(): Promise<void> {
    for (const capability of await waitingCapabilities(context)) consider(capability);
  }

  async function clear(capability: string, segment: Segment): Promise<void> {
    segment.clearing = true;
    try {
      while (segment.again && !signal.aborted) {
        segment.again = false;
        if (segment.broken) await closeLeftOpen(context, (round) => round.capability === capability);
        segment.broken = false;
        const unserved = await runRound(capability, segment);
        if (unserved) rest(capability, segment);
        else segment.rests = 0;
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
    if (!signal.aborted) segment.retry = setTimeout(() => consider(capability), restMs);
  }

  /** Whether it left tasks without a taker. */
  async function runRound(capability: string, segment: Segment): Promise<boolean> {
    const nodes = await hostingNodes(context, capability);
    if (nodes.length === 0) return false;
    const round = await openRound(capability, segment, nodes);
    if (!round) return false;
    const reason = await gather(round);
    const closed = await market.closeRound(round.roundId, reason);
    return closed !== null && closed.unserved.length > 0;
  }

  async function openRound(capability: string, segment: Segment, nodes: Address[]): Promise<OpenedRound | null> {
    segment.opened = [];
    let round: OpenedRound | null = null;
    try {
      const asked = nodes.map((node) => ({ node, waitedFor: punctuality.isPunctual(node) }));
      round = await market.openRound({ capability, asked });
    } finally {
      for (const roundId of segment.opened) if (roundId !== round?.roundId) announcer.announceOther(roundId);
      segment.opened = undefined;
    }
    if (round) remember(round.roundId);
    return round;
  }

  function remember(roundId: RoundId): void {
    own.add(roundId);
    const [oldest] = own;
    if (oldest && own.size > MOST_REMEMBERED) own.delete(oldest);
  }

  async function gather(round: OpenedRound): Promise<"all_answered" | "window_elapsed"> {
    const left = new Set<Address>(round.waitedFor);
    const { roundId, opening } = round;
    const everybody = new Promise<"all_answered">((resolve) => {
      waiting.set(roundId, {
        left,
        openedAt: opening.openedAt,
        windowMs: opening.windowMs,
        done: () => resolve("all_answered"),
      });
      if (left.size === 0 && opening.asked.length === 0) resolve("all_answered");
    });
    announcer.announce(round);
    const reason = await Promise.race([everybody, windowEnd(context, round)]);
    waiting.delete(roundId);
    for (const node of left) punctuality.record(node, false);
    return reason;
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
      else if (event.type === "round.opened") onOpened((event as EventRecord<"round.opened">).data);
      else if (event.type === "round.closed") onClosed((event as EventRecord<"round.closed">).data);
      else if (FREES_A_SLOT.has(event.type)) considerResting();
      else if (LETS_TASKS_BE_TAKEN.has(event.type)) consider();
    }
  }

  function onOpened({ roundId, capability }: EventRecord<"round.opened">["data"]): void {
    const opened = segments.get(capability)?.opened;
    if (opened) opened.push(roundId as RoundId);
    else if (!own.has(roundId as RoundId)) announcer.announceOther(roundId as RoundId);
  }

  function onClosed({ roundId, capability }: EventRecord<"round.closed">["data"]): void {
    announcer.closed(roundId as RoundId);
    // Tasks of ours may have waited for the end of a round that another server, or one that is gone, had opened.
    if (!own.has(roundId as RoundId)) consider(capability);
  }

  /** A slot came free: what rests without a taker may have one now. */
  function considerResting(): void {
    for (const [capability, { rests }] of segments) if (rests > 0) consider(capability);
  }

  const isLeftOpen = ({ id, capability }: { id: RoundId; capability: string }) =>
    servers.owns(capability) && !waiting.has(id);
  function lookAtAll(): void {
    track(closeLeftOpen(context, isLeftOpen));
    track(considerAll());
  }
  const unsubscribe = [market.events.onAppended(onEvents), market.events.onGap(lookAtAll)];
  signals.onAnswered(take);
  signals.onLook(() => consider());
  servers.onChange(lookAtAll);
  lookAtAll();
  const ended = new Promise<void>((resolve) => {
    signal.addEventListener("abort", () => {
      unsubscribe.forEach((stop) => stop());
      for (const { retry } of segments.values()) clearTimeout(retry);
      resolve(Promise.allSettled(work).then(() => undefined));
    });
  });

  function take(roundId: RoundId, node: Address): boolean {
    const round = waiting.get(roundId);
    if (!round) return false;
    if (!round.left.delete(node)) return true;
    punctuality.record(node, market.now() - round.openedAt <= round.windowMs / 2);
    if (round.left.size === 0) round.done();
    return true;
  }

  return {
    answered(roundId, node) {
      if (!take(roundId, node)) signals.answered(roundId, node);
    },
    consider(capability) {
      consider(capability);
      if (capability === undefined) signals.look();
    },
    ended,
  };
}

/**
 * Resolves when the round's window is over, measured from its signed opening. A stopping server leaves the round to
 * the next one, which closes it over the sheets that were taken.
 */
async function windowEnd({ market, signal }: RoundsContext, round: OpenedRound): Promise<"window_elapsed"> {
  await untilInstant(market, round.closesAt, signal);
  return "window_elapsed";
}
