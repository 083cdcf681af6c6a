import { setTimeout as setTimer } from "node:timers";
import {
  type Address,
  type EventRecord,
  type Hash,
  type MarketMessage,
  type NodeId,
  type OpenAuctionOpening,
  type OpenLeadView,
  type Signature,
  StoaError,
  type TaskId,
  type TaskState,
} from "@stoa/protocol";
import { findAuction } from "@stoa/store";
import type { EffectContext } from "./effect-context.ts";
import { repeat, type Repeated } from "./repeat.ts";
import { askableNodes } from "./askable-nodes.ts";

type AuctionsContext = Pick<EffectContext, "database" | "market" | "hub" | "log" | "signal"> & {
  /** How long a task without a taker waits for its next auction; twice as long each time. */
  retryMs: number;
};

/** How often the auctions are looked at when nothing wakes the clock: what other processes took is told this late. */
const EVERY_MS = 1_000;
const LONGEST_REST_MS = 30_000;
const AT_ONCE = 1_000;

/** The clock of open auctions: opens them, tells nodes who leads, and closes them. */
export interface OpenAuctions extends Pick<Repeated, "ended"> {
  /** Something changed: look soon. */
  consider(): void;
  /** Tells a node that comes back of the auctions it was asked in and has not left, as they stand. */
  resend(node: Address): Promise<void>;
  /** Tells a node whose bid came late who leads. */
  tellLead(auctionId: Hash, node: Address): Promise<void>;
}

interface Running {
  id: Hash;
  taskId: TaskId;
  taskState: TaskState;
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
 * where a crash or a stop left them.
 */
export function runOpenAuctions(context: AuctionsContext): OpenAuctions {
  const { market, signal } = context;
  const resting = new Map<TaskId, Rest>();
  /** The last lead told to an auction's nodes, by its number. */
  const told = new Map<Hash, number>();
  let timer: NodeJS.Timeout | undefined;

  const effect = repeat({ name: "open-auctions", everyMs: EVERY_MS, ...context }, async () => {
    const running = await runningAuctions(context);
    for (const auction of running) tellNewLead(auction);
    for (const auction of running) if (isOver(auction)) await alone(context, auction.taskId, () => close(auction));
    for (const task of await waitingTasks(context)) await alone(context, task.id, () => open(task));
    wakeInTime(running);
  });

  function tellNewLead({ id, lead, asked, endsAt }: Running): void {
    if (!lead || lead.number <= (told.get(id) ?? 0)) return;
    told.set(id, lead.number);
    const others = asked.filter((node) => node !== lead.node);
    tell(others, { type: "auction.outbid", auctionId: id, lead: leadView(lead), endsAtMs: endsAt });
  }

  function tell(nodes: readonly Address[], message: MarketMessage): void {
    for (const node of nodes) context.hub.send(node as NodeId, message);
  }

  async function close({ id, taskId, asked }: Running): Promise<void> {
    const closed = await market.closeOpenAuction(id);
    if (!closed) return;
    told.delete(id);
    tell(asked, { type: "auction.closed", auctionId: id, node: closed.node });
    if (closed.node && closed.awardHash) {
      resting.delete(taskId);
      return replaceGone(context, { taskId, node: closed.node, awardHash: closed.awardHash });
    }
    rest(taskId);
  }

  async function open({ id, capability }: WaitingTask): Promise<void> {
    if ((resting.get(id)?.until ?? 0) > Date.now()) return;
    const asked = await askableNodes(context, capability);
    if (asked.length === 0) return;
    const opened = await market.openAuction({ taskId: id, asked });
    if (!opened) return rest(id);
    const { auctionId, opening, signature } = opened;
    tell(
      opening.asked.map(({ node }) => node),
      { type: "auction.opened", auctionId, opening, signature, lead: null, endsAtMs: opening.endsAt },
    );
    effect.wake();
  }

  function rest(taskId: TaskId): void {
    const rests = resting.get(taskId)?.rests ?? 0;
    const until = Date.now() + Math.min(LONGEST_REST_MS, context.retryMs * 2 ** rests);
    resting.set(taskId, { rests: rests + 1, until });
    effect.wake();
  }

  function wakeInTime(running: readonly Running[]): void {
    clearTimeout(timer);
    const now = Date.now();
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
      } else if (event.type === "auction.bid" || event.type === "task.cancelled") effect.wake();
      else if (event.type === "task.reopened" || event.type === "node.online" || event.type === "agent.published")
        endRests();
      else if ((event.type === "task.delivered" || event.type === "task.failed") && resting.size > 0) endRests();
    }
  }

  const unsubscribe = [market.events.onAppended(onEvents), market.events.onGap(() => effect.wake())];
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
    async resend(node) {
      for (const auction of await auctionsOf(context, node)) {
        const { auctionId, opening, signature, lead, endsAtMs } = auction;
        tell([node], {
          type: "auction.opened",
          auctionId,
          opening,
          signature,
          lead: lead && leadView(lead),
          endsAtMs,
        });
      }
    },
    async tellLead(auctionId, node) {
      const found = await findAuction(context.database, auctionId);
      if (found?.lead?.node === node || !found?.lead) return;
      tell([node], { type: "auction.outbid", auctionId, lead: leadView(found.lead), endsAtMs: found.endsAt });
    },
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

function isOver({ taskState, endsAt, lead, asked, passed }: Running): boolean {
  return taskState !== "open" || endsAt <= Date.now() || passed.length + (lead ? 1 : 0) >= asked.length;
}

function runningAuctions({ database }: AuctionsContext): Promise<Running[]> {
  return database.query<Running>(
    `select open_auctions.id, task_id as "taskId", tasks.state as "taskState", ends_at as "endsAt", lead, passed,
            jsonb_path_query_array(opening, '$.asked[*].node') as asked
       from open_auctions join tasks on tasks.id = task_id
      where open_auctions.state = 'open' order by ends_at limit ${AT_ONCE}`,
  );
}

interface WaitingTask {
  id: TaskId;
  capability: string;
}

/** Tasks that ask for an open auction and are under none. */
function waitingTasks({ database }: AuctionsContext): Promise<WaitingTask[]> {
  return database.query<WaitingTask>(
    `select id, capability from tasks join orders on orders.task_id = id
      where waiting and spec ->> 'auction' = 'open' and deliver_by > $1::timestamptz
        and not exists (select 1 from open_auctions where task_id = tasks.id and open_auctions.state = 'open')
      order by opened_at, id limit ${AT_ONCE}`,
    [new Date().toISOString()],
  );
}

interface AskedAuction {
  auctionId: Hash;
  opening: OpenAuctionOpening;
  signature: Signature;
  lead: OpenLeadView | null;
  endsAtMs: number;
}

function auctionsOf({ database }: AuctionsContext, node: Address): Promise<AskedAuction[]> {
  return database.query<AskedAuction>(
    `select id as "auctionId", opening, opening_signature as signature, lead, ends_at as "endsAtMs" from open_auctions
      where state = 'open' and opening -> 'asked' @> jsonb_build_array(jsonb_build_object('node', $1::text))
        and $1 <> all (passed)
      order by ends_at limit ${AT_ONCE}`,
    [node],
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

/** What nodes are told of a lead. */
function leadView({ number, node, price }: OpenLeadView): OpenLeadView {
  return { number, node, price };
}
