import { setTimeout as setTimer } from "node:timers";
import { setTimeout } from "node:timers/promises";
import type { Address, EventRecord, NodeId, RoundId } from "@stoa/protocol";
import type { OpenedRound } from "@stoa/market";
import type { EffectContext } from "./effect-context.ts";
import { Punctuality } from "./punctuality.ts";

type RoundsContext = Pick<EffectContext, "database" | "market" | "hub" | "log" | "signal"> & {
  /** How long a task without a taker waits for its next round. */
  retryMs: number;
};

/** The round clock: opens, announces and closes rounds, one at a time for each capability. */
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
  /** Something happened while it was clearing: look again. */
  again: boolean;
  retry: NodeJS.Timeout | undefined;
  /** A round failed: it may stand open, and is closed before the next. */
  broken: boolean;
  /** Rests in a row: each lasts twice as long as the one before. */
  rests: number;
}

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
  const { market, hub, log, signal } = context;
  const segments = new Map<string, Segment>();
  const waiting = new Map<RoundId, Waiting>();
  const work = new Set<Promise<void>>();
  const punctuality = new Punctuality();

  function consider(capability?: string): void {
    if (signal.aborted) return;
    if (capability === undefined) return track(considerAll());
    const segment = segments.get(capability) ?? {
      clearing: false,
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
        if (segment.broken) await closeLeftOpen(context, capability);
        segment.broken = false;
        const unserved = await runRound(capability);
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
    if (!signal.aborted) segment.retry = setTimer(() => consider(capability), restMs);
  }

  /** Whether it left tasks without a taker. */
  async function runRound(capability: string): Promise<boolean> {
    const nodes = await hostingNodes(context, capability);
    if (nodes.length === 0) return false;
    const round = await market.openRound({
      capability,
      asked: nodes.map((node) => ({ node, waitedFor: punctuality.isPunctual(node) })),
    });
    if (!round) return false;
    const reason = await gather(round);
    const closed = await market.closeRound(round.roundId, reason);
    if (!closed) return false;
    for (const { node } of round.opening.asked) {
      hub.send(node as NodeId, { type: "round.closed", roundId: round.roundId });
    }
    return closed.unserved.length > 0;
  }

  async function gather(round: OpenedRound): Promise<"all_answered" | "window_elapsed"> {
    const left = new Set<Address>(round.waitedFor);
    const { roundId, opening, signature } = round;
    const everybody = new Promise<"all_answered">((resolve) => {
      waiting.set(roundId, {
        left,
        openedAt: opening.openedAt,
        windowMs: opening.windowMs,
        done: () => resolve("all_answered"),
      });
      if (left.size === 0 && opening.asked.length === 0) resolve("all_answered");
    });
    for (const { node } of opening.asked)
      hub.send(node as NodeId, { type: "round.opened", opening, signature, roundId });
    const reason = await Promise.race([everybody, windowEnd(round, signal)]);
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
      if (event.type === "task.opened") consider((event as EventRecord<"task.opened">).data.capability);
      else if (event.type === "task.delivered" || event.type === "task.failed") considerResting();
      else if (event.type === "task.reopened" || event.type === "node.online" || event.type === "agent.published")
        consider();
    }
  }

  /** A slot came free: what rests without a taker may have one now. */
  function considerResting(): void {
    for (const [capability, { rests }] of segments) if (rests > 0) consider(capability);
  }

  const lookAtAll = () => track(closeLeftOpen(context).then(considerAll));
  const unsubscribe = [market.events.onAppended(onEvents), market.events.onGap(lookAtAll)];
  lookAtAll();
  const ended = new Promise<void>((resolve) => {
    signal.addEventListener("abort", () => {
      unsubscribe.forEach((stop) => stop());
      for (const { retry } of segments.values()) clearTimeout(retry);
      resolve(Promise.allSettled(work).then(() => undefined));
    });
  });

  return {
    answered(roundId, node) {
      const round = waiting.get(roundId);
      if (!round?.left.delete(node)) return;
      punctuality.record(node, Date.now() - round.openedAt <= round.windowMs / 2);
      if (round.left.size === 0) round.done();
    },
    consider,
    ended,
  };
}

/**
 * Resolves when the round's window is over, measured from its signed opening. A stopping server leaves the round to
 * the next one, which closes it over the sheets that were taken.
 */
async function windowEnd(round: OpenedRound, signal: AbortSignal): Promise<"window_elapsed"> {
  await untilInstant(round.closesAt, signal);
  return "window_elapsed";
}

/** Timers may go off a millisecond early; a round that closed before its window was over would not check out. */
async function untilInstant(at: number, signal: AbortSignal): Promise<void> {
  for (let left = at - Date.now(); left > 0; left = at - Date.now()) await setTimeout(left, undefined, { signal });
}

async function waitingCapabilities({ database }: RoundsContext): Promise<string[]> {
  const rows = await database.query<{ capability: string }>("select distinct capability from tasks where waiting");
  return rows.map(({ capability }) => capability);
}

/** Nodes that are connected and host an active agent with the capability. */
async function hostingNodes({ database, hub }: RoundsContext, capability: string): Promise<Address[]> {
  const rows = await database.query<{ id: string }>(
    "select version_id as id from agents where state = 'active' and capabilities @> array[$1::text]",
    [capability],
  );
  return [...hub.online().values()]
    .filter((node) => node.connected && rows.some(({ id }) => node.agents.has(id)))
    .map(({ nodeId }) => nodeId);
}

/** Closes rounds that a stop or a crash left open, each when its window is over; all of them when no capability is named. */
async function closeLeftOpen({ database, market, signal }: RoundsContext, capability?: string): Promise<void> {
  const rounds = await database.query<{ id: RoundId; closesAt: number }>(
    `select id, closes_at as "closesAt" from rounds where state = 'open' and ($1::text is null or capability = $1)`,
    [capability ?? null],
  );
  for (const { id, closesAt } of rounds) {
    await untilInstant(closesAt, signal);
    await market.closeRound(id, "window_elapsed");
  }
}
