import { answersRoot } from "@stoa/core";
import {
  BID_REASON,
  decodeTyped,
  encodeTyped,
  type Hash,
  type MarketMessages,
  MAX_AMOUNT,
  type NodeMessages,
  type OpeningTask,
  type RoundOpening,
  type SheetAnswer,
  signTyped,
  StoaError,
} from "@stoa/protocol";
import type { Logger } from "pino";
import type { Endpoints } from "../agents/endpoints.ts";
import type { HostedAgent } from "../agents/hosting.ts";
import { checkOrder } from "../check-order.ts";
import type { Journal } from "../journal.ts";
import type { Slots } from "../slots.ts";
import type { Terms } from "../terms.ts";
import { type Answered, answerTask, type AskedTask, type Bidder } from "./answer-task.ts";
import { roundUntil } from "./answered-rounds.ts";
import { checkOpening } from "./check-opening.ts";
import type { Durations } from "./durations.ts";

/**
 * Part of a round's window spent on checking orders, less what answering each task costs: a signature takes about
 * 4 ms, and the sheet must be in time. Every order is checked again before work.
 */
const CHECKING_PART = 0.4;
const ANSWERING_MS_PER_TASK = 0.6;
/** How long after its window a round's slots stay kept when nobody says that it closed. */
const AWARD_GRACE_MS = 750;

export interface BidderRoom {
  terms: Terms;
  agents(): ReadonlyMap<Hash, HostedAgent>;
  endpoints: Pick<Endpoints, "unreachable">;
  durations: Durations;
  slots: Slots;
  journal: Journal;
  isDraining(): boolean;
  /** Calls back later, unless the node stops before. */
  later(ms: number, work: () => void): void;
  send(message: NodeMessages["sheet"] | NodeMessages["quote.answered"]): Promise<boolean>;
  now(): number;
  log: Logger;
}

/** The node as it stands now. */
export function bidderOf({ agents, endpoints, terms, durations, slots, isDraining }: BidderRoom): Bidder {
  const { provider, cost } = terms;
  const unreachable = endpoints.unreachable();
  return {
    agents: agents(),
    unreachable,
    provider,
    cost,
    durations,
    freeSlots: slots.free(),
    isDraining: isDraining(),
  };
}

async function isSigned(task: OpeningTask, room: BidderRoom): Promise<boolean> {
  try {
    await checkOrder(room.terms.domain, task, room.now());
    return true;
  } catch (error) {
    if (!(error instanceof StoaError)) throw error;
    room.log.warn({ orderHash: task.orderHash, err: error }, "a round carries an order that does not check out");
    return false;
  }
}

async function readTasks(opening: RoundOpening, room: BidderRoom): Promise<AskedTask[]> {
  const until = performance.now() + opening.windowMs * CHECKING_PART - opening.tasks.length * ANSWERING_MS_PER_TASK;
  const tasks: AskedTask[] = [];
  for (const task of opening.tasks) {
    const { orderHash, spec, inputBytes } = task;
    const checked = performance.now() < until ? await isSigned(task, room) : true;
    tasks.push({ orderHash, order: decodeTyped("Order", task.order), spec, inputBytes, isSigned: checked });
  }
  return tasks;
}

/** What the tasks passed on for their price would cost: helps their requesters, who see it in bands only. */
function costsOf(answered: readonly Answered[]): { orderHash: Hash; cost: string }[] {
  return answered.flatMap(({ answer: { orderHash }, cost }) =>
    cost === undefined || cost > MAX_AMOUNT ? [] : [{ orderHash, cost: cost.toString() }],
  );
}

/** The second until which the sheet's bids stand: the last deadline it bids for, so that any may be called on when another node fails. */
function sheetExpiry(tasks: readonly AskedTask[], answers: readonly SheetAnswer[], closesAtMs: number): bigint {
  const bids = new Set(answers.filter((answer) => answer.reason === BID_REASON).map((answer) => answer.orderHash));
  const closes = BigInt(Math.ceil(closesAtMs / 1_000) + 1);
  return tasks.reduce(
    (last, { orderHash, order }) => (bids.has(orderHash) && order.deliverBy > last ? order.deliverBy : last),
    closes,
  );
}

/**
 * Answers a round: one signed sheet over every task, a bid at true cost or a pass with its reason. The slots it
 * offers are kept free until the round is over.
 * @throws {StoaError} when the opening is not the operator's, or not for this node
 */
export async function bidRound(message: MarketMessages["round.opened"], room: BidderRoom): Promise<void> {
  const { terms, slots } = room;
  const { roundId, opening } = await checkOpening(message, terms);
  const tasks = await readTasks(opening, room);
  const bidder = bidderOf(room);
  const answered = tasks.map((task) => answerTask(task, bidder, opening.feeBps, room.now()));
  const answers = answered.map(({ answer }) => answer);
  const bids = answers.filter((answer) => answer.reason === BID_REASON);
  const offered = bids.length === 0 ? 0 : slots.reserve(roundId, bids.length);
  const closesAtMs = room.now() + opening.windowMs;
  room.later(opening.windowMs + AWARD_GRACE_MS, () => slots.release(roundId));

  const sheet = {
    roundId,
    node: terms.node,
    slots: offered,
    bond: terms.bond,
    answersRoot: answersRoot(answers),
    expiresAt: sheetExpiry(tasks, answers, closesAtMs),
  };
  const signature = await signTyped(terms.signer, terms.domain, "BidSheet", sheet);
  await room.journal.bid(roundId, {
    bids: bids.map(({ orderHash, agentVersion, ask }) => ({ orderHash, agentVersion, ask })),
    expiresAtMs: Number(sheet.expiresAt) * 1_000,
    untilMs: roundUntil(opening),
  });
  const isSent = await room.send({
    type: "sheet",
    sheet: encodeTyped("BidSheet", sheet),
    signature,
    answers,
    ...(terms.tellsCost && { costs: costsOf(answered) }),
  });
  if (!isSent) slots.release(roundId);
  room.log.info({ roundId, tasks: tasks.length, bids: bids.length, slots: offered, isSent }, "answered a round");
}
