import { setTimeout as setTimer } from "node:timers";
import {
  type Address,
  type EventRecord,
  type EventType,
  type Hash,
  type OpenLeadView,
  StoaError,
  type TaskId,
  type TaskState,
} from "@stoa/protocol";
import { listWaitingCapabilities } from "@stoa/store";
import { askableNodes } from "./askable-nodes.ts";
import type { EffectContext } from "./effect-context.ts";
import type { Servers } from "./join-servers.ts";
import { repeat, type Repeated } from "./repeat.ts";
import { ASKABLE_AGAIN, FREES_A_SLOT, LONGEST_REST_MS } from "./resting.ts";
import { AUCTIONS_AT_ONCE, type AuctionTelling, tellOpenAuctions } from "./tell-open-auctions.ts";

type AuctionsContext = Pick<EffectContext, "database" | "market" | "hub" | "log" | "signal"> & {
  /** How long a task without a taker waits for its next auction; twice as long each time. */
  retryMs: number;
  servers: Servers;
};

/** How often the auctions are looked at when nothing wakes the clock: a pass that another server took is seen this late. */
const EVERY_MS = 1_000;
/** Most auctions of one capability that are opened at one look. */
const OPENED_AT_ONCE = 100;

const WAKES: ReadonlySet<EventType> = new Set([
  "auction.opened",
  "auction.bid",
  "task.cancelled",
  "task.retried",
] satisfies EventType[]);
/** The clock of open auctions: opens them, tells nodes who leads, and closes them. */
export interface OpenAuctions extends Pick<Repeated, "ended">, Pick<AuctionTelling, "resend" | "tellLead"> {
  /** Something changed: look soon. */
  consider(): void;
}

/** An auction that runs, as far as its clock needs it. */
export interface RunningAuction {
  id: Hash;
  taskId: TaskId;
  taskState: TaskState;
  capability: string;
  endsAt: number;
  lead: OpenLeadView | null;
  asked: Address[];
  passed: Address[];
}

interface Rest {
  rests: number;
  until: number;
}

/**
 * Runs the clock of open auctions until the signal ends it. It acts on what the database says, so that auctions go on
 * where a crash or a stop left them. A capability's auctions are opened and closed by the server that runs its rounds,
 * among the nodes of all; every server tells its own nodes how they stand. Should two act for a moment, the database
 * lets a task be under one auction, and an auction be closed once.
 */
export function runOpenAuctions(context: AuctionsContext): OpenAuctions {
  const { market, servers, signal } = context;
  const resting = new Map<TaskId, Rest>();
  const telling = tellOpenAuctions(context);
  let timer: NodeJS.Timeout | undefined;

  const effect = repeat({ name: "open-auctions", everyMs: EVERY_MS, ...context }, async () => {
    const running = await runningAuctions(context);
    await telling.tellStanding(running);
    for (const auction of running) if (isToClose(auction)) await alone(context, auction.taskId, () => close(auction));
    for (const task of await waitingTasks(context, restingTasks())) await alone(context, task.id, () => open(task));
    wakeInTime(running);
  });

  function isToClose(auction: RunningAuction): boolean {
    return isOver(auction, market.now()) && servers.owns(auction.capability);
  }

  async function close({ id, taskId }: RunningAuction): Promise<void> {
    const closed = await market.closeOpenAuction(id);
    if (!closed) return;
    telling.closed(id, closed.node);
    if (closed.node && closed.awardHash) {
      resting.delete(taskId);
      return replaceGone(context, { taskId, node: closed.node, awardHash: closed.awardHash });
    }
    rest(taskId);
  }

  async function open({ id, capability }: WaitingTask): Promise<void> {
    const asked = await askableNodes(context, capability);
    if (asked.length === 0) return;
    const opened = await market.openAuction({ taskId: id, asked });
    if (!opened) return rest(id);
    telling.opened({ ...opened, lead: null, endsAtMs: opened.opening.endsAt });
    effect.wake();
  }

  function restingTasks(): TaskId[] {
    const now = market.now();
    return [...resting].flatMap(([taskId, { until }]) => (until > now ? [taskId] : []));
  }

  function rest(taskId: TaskId): void {
    const rests = resting.get(taskId)?.rests ?? 0;
    const until = market.now() + Math.min(LONGEST_REST_MS, context.retryMs * 2 ** rests);
    resting.set(taskId, { rests: rests + 1, until });
    effect.wake();
  }

  function wakeInTime(running: readonly RunningAuction[]): void {
    clearTimeout(timer);
    const now = market.now();
    for (const [taskId, { until }] of resting) if (until < now - LONGEST_REST_MS) resting.delete(taskId);
    const instants = [...running.map(({ endsAt }) => endsAt), ...[...resting.values()].map(({ until }) => until)];
    const next = Math.min(...instants.filter((at) => at > now));
    if (Number.isFinite(next) && !signal.aborted) timer = setTimer(() => effect.wake(), next - now);
  }

  /** A slot came free, or other nodes are there: what rests without a taker may have one now. */
  function endRests(): void {
    for (const rested of resting.values()) rested.until = 0;
    effect.wake();
  }

  function onEvents(events: readonly EventRecord[]): void {
    for (const event of events) {
      if (event.type === "task.opened") {
        if ((event as EventRecord<"task.opened">).data.auction === "open") effect.wake();
      } else if (event.type === "auction.closed") {
        const { auctionId, node } = (event as EventRecord<"auction.closed">).data;
        telling.closed(auctionId, node);
      } else if (WAKES.has(event.type)) effect.wake();
      else if (ASKABLE_AGAIN.has(event.type)) endRests();
      else if (FREES_A_SLOT.has(event.type) && resting.size > 0) endRests();
    }
  }

  const unsubscribe = [market.events.onAppended(onEvents), market.events.onGap(() => effect.wake())];
  servers.onChange(() => effect.wake());
  signal.addEventListener(
    "abort",
    () => {
      unsubscribe.forEach((stop) => stop());
      clearTimeout(timer);
    },
    { once: true },
  );
  return {
    consider: () => effect.wake(),
    resend: telling.resend,
    tellLead: telling.tellLead,
    ended: effect.ended,
  };
}

/** One auction that cannot be moved keeps no other waiting. */
async function alone(context: AuctionsContext, taskId: TaskId, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (error instanceof StoaError && error.definition.kind === "retry") throw error;
    context.log.error({ err: error, taskId }, "an open auction could not be moved and will be tried again");
  }
}

function isOver({ taskState, endsAt, lead, asked, passed }: RunningAuction, now: number): boolean {
  return taskState !== "open" || endsAt <= now || passed.length + (lead ? 1 : 0) >= asked.length;
}

function runningAuctions({ database }: AuctionsContext): Promise<RunningAuction[]> {
  return database.query<RunningAuction>(
    `select open_auctions.id, task_id as "taskId", tasks.state as "taskState", open_auctions.capability,
            ends_at as "endsAt", lead, passed,
            jsonb_path_query_array(opening, '$.asked[*].node') as asked
       from open_auctions join tasks on tasks.id = task_id
      where open_auctions.state = 'open' order by ends_at limit ${AUCTIONS_AT_ONCE}`,
  );
}

interface WaitingTask {
  id: TaskId;
  capability: string;
}

/**
 * Tasks of this server's capabilities that ask for an open auction, are under none and do not rest; some of each
 * capability, so that one without nodes, or with many tasks nobody wants, keeps no other waiting.
 */
async function waitingTasks(
  { database, market, servers }: AuctionsContext,
  resting: readonly TaskId[],
): Promise<WaitingTask[]> {
  const now = market.now();
  const capabilities = (await listWaitingCapabilities(database, now)).filter((name) => servers.owns(name));
  if (capabilities.length === 0) return [];
  return database.query<WaitingTask>(
    `select waiting.id, waiting.capability from unnest($2::text[]) as own (capability), lateral (
       select id, tasks.capability from tasks join orders on orders.task_id = id
        where waiting and tasks.capability = own.capability and spec ->> 'auction' = 'open'
          and deliver_by > $1::timestamptz and (not_before is null or not_before <= $1::timestamptz)
          and id <> all($3::text[])
          and not exists (select 1 from open_auctions where task_id = tasks.id and open_auctions.state = 'open')
        order by opened_at, id limit ${OPENED_AT_ONCE}) as waiting`,
    [new Date(now).toISOString(), capabilities, resting],
  );
}

/** A winner that went away while it led keeps its bid, and fails the task at once instead of when it should have started. */
async function replaceGone(
  { database, market, log }: AuctionsContext,
  { taskId, node, awardHash }: { taskId: TaskId; node: Address; awardHash: Hash },
): Promise<void> {
  const [gone] = await database.query("select 1 from nodes where id = $1 and not online", [node]);
  if (!gone) return;
  const message = "the node was gone when it won the auction";
  const outcome = await market.replaceAward({ taskId, awardHash, reason: "not_started", message });
  log.info({ taskId, node, outcome: outcome.kind }, "a winner was gone");
}
