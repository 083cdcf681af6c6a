import { attemptsLeft, buildSupplement, type Damages, damagesPosting, nextState, staked } from "@stoa/core";
import {
  type Address,
  type Hash,
  type NodeFault,
  type RoundRecord,
  StoaError,
  type Supplement,
  supplementHash,
  type TaskId,
} from "@stoa/protocol";
import { type AwardRecord, findAuctionRecord, type Queryable, type TaskRecord } from "@stoa/store";
import type { MarketContext } from "../context.ts";
import type { WorkingSet } from "../lane/working-set.ts";
import { planAuctionReplacement } from "../open-auctions/plan-auction-replacement.ts";
import { accountsOfTask, freeBond } from "../tasks/end-task.ts";
import { giveUpIn } from "../tasks/give-up-task.ts";
import { bindAward } from "./bind-award.ts";
import { freeNodes } from "./free-nodes.ts";
import { hasTimeToStart, mayBeReawarded } from "./may-be-reawarded.ts";
import type { ReplacementPlan } from "./replacement-plan.ts";
import { signAwards } from "./sign-awards.ts";

export interface AwardFault {
  taskId: TaskId;
  awardHash: Hash;
  reason: NodeFault;
  message: string;
}

/** What came of a fault; `stale` when the task had moved on before. */
export type FaultOutcome =
  | { kind: "reawarded"; node: Address }
  | { kind: "reopened" }
  | { kind: "failed" }
  | { kind: "dead" }
  | { kind: "stale" };

/** What the plan was made of changed before it was written: other faults of the round, or the next node's load. */
type Overtaken = "overtaken";

/**
 * Handles a winner's fault by docs/auction.md: the failed node forfeits its price and owes damages, and the task is cleared
 * again over its round's other bids. Without a candidate it waits for a new round while its deadline and its order's
 * attempts allow, else it fails, or is dead when its order asks for that, and is refunded in full.
 */
export async function replaceAward(context: MarketContext, fault: AwardFault): Promise<FaultOutcome> {
  for (;;) {
    const failed = await context.reads.award(fault.awardHash);
    if (!failed || failed.taskId !== fault.taskId || !["made", "running"].includes(failed.state))
      return { kind: "stale" };
    const outcome = await writeReplacement(context, fault, await planReplacement(context, fault, failed));
    if (outcome !== "overtaken") return outcome;
  }
}

async function planReplacement(
  context: MarketContext,
  fault: AwardFault,
  failed: AwardRecord,
): Promise<ReplacementPlan> {
  const { database } = context;
  const auction = await findAuctionRecord(database, failed.roundId);
  if (auction) return planAuctionReplacement(context, fault, failed, auction);
  const record = await recordOf(database, failed.roundId);
  const earlier = await supplementsOf(database, failed.roundId);
  const now = context.clock();
  const task = record.body.opening.tasks.find(({ orderHash }) => orderHash === fault.taskId);
  const mayGoOn = task !== undefined && (await mayBeReawarded(database, task, now));
  const { supplement, award, damages } = buildSupplement({
    record,
    earlier,
    fault: { node: failed.node, orderHash: fault.taskId, reason: fault.reason, at: now },
    freeNodes: mayGoOn ? await freeNodes(database, record.body) : [],
  });
  const hash = supplementHash(supplement);
  const round = { roundId: failed.roundId, roundHash: hash };
  const [next = null] = award ? await signAwards(context, record.body, [award], round) : [];
  return {
    failed,
    supplement: { hash, record: supplement },
    position: earlier.length,
    damages,
    next,
    freeNodes: (tx) => freeNodes(tx, record.body),
    sheet: null,
  };
}

async function recordOf(database: Queryable, roundId: Hash): Promise<RoundRecord> {
  const [round] = await database.query<{ record: RoundRecord | null }>("select record from rounds where id = $1", [
    roundId,
  ]);
  if (!round?.record) throw new StoaError("wrong_state", `the round ${roundId} has no record yet`);
  return round.record;
}

async function supplementsOf(database: Queryable, roundId: Hash): Promise<Supplement[]> {
  const rows = await database.query<{ record: Supplement }>(
    "select record from supplements where round_id = $1 order by position",
    [roundId],
  );
  return rows.map(({ record }) => record);
}

function writeReplacement(
  context: MarketContext,
  fault: AwardFault,
  plan: ReplacementPlan,
): Promise<FaultOutcome | Overtaken> {
  const { failed, next } = plan;
  let overtaken = false;
  return context.lane.run<FaultOutcome | Overtaken>({
    name: "replace-award",
    tasks: [fault.taskId],
    owns: [`supplements:${failed.roundId}`, ...(next ? [`slots:${next.node}`] : [])],
    async load(tx) {
      overtaken = await isOvertaken(tx, plan);
    },
    accounts: (set) => [...accountsOfTask(set, set.findTask(fault.taskId)), ...(next ? [staked(next)] : [])],
    decide(set) {
      const task = set.task(fault.taskId);
      if (task.awardHash !== failed.hash || !["awarded", "running"].includes(task.state)) return { kind: "stale" };
      if (overtaken || (next && set.book.balance(staked(next)) < next.bond)) return "overtaken";
      const award = set.currentAward(task);
      forfeit(set, task, award, fault, plan.damages);
      keepSupplement(set, plan, fault.taskId);
      if (next) return rebind(set, task, next);
      if (attemptsLeft(task) && hasTimeToStart(task, set.now)) return reopen(set, task);
      return { kind: giveUpIn(set, task, fault.reason, fault.message) };
    },
  });
}

async function isOvertaken(tx: Queryable, { failed, position, next, freeNodes }: ReplacementPlan): Promise<boolean> {
  const [supplements] = await tx.query<{ count: bigint }>("select count(*) from supplements where round_id = $1", [
    failed.roundId,
  ]);
  if (supplements?.count !== BigInt(position)) return true;
  return next !== null && !(await freeNodes(tx)).includes(next.node);
}

function forfeit(
  set: WorkingSet,
  task: TaskRecord,
  award: AwardRecord,
  fault: AwardFault,
  { owed, toRequester, toFaultPool }: Damages,
): void {
  if (owed > 0n) set.post(damagesPosting(task.id, award.hash, award, task.requester, toRequester, toFaultPool));
  // Damages of nothing are recorded too: on chain they void the award, which could be claimed otherwise.
  set.damages.push({ awardHash: award.hash, taskId: task.id, toRequester, toFaultPool });
  freeBond(set, { ...award, bond: award.bond - owed });
  Object.assign(award, {
    state: "faulted",
    endedAt: set.now,
    failure: { reason: fault.reason, message: fault.message },
  } satisfies Partial<AwardRecord>);
  set.putAward(award);
  task.failedNodes = [...task.failedNodes, award.node];
  task.attempts += 1;
  set.emit({ type: "task.reopened", audience: null, data: { taskId: task.id, node: award.node, fault: fault.reason } });
}

function keepSupplement(
  set: WorkingSet,
  { failed, supplement, position, sheet }: ReplacementPlan,
  taskId: TaskId,
): void {
  if (sheet) set.addSheet(sheet);
  set.defer((tx) =>
    tx.query(
      `insert into supplements (hash, round_id, task_id, position, record, made_at)
       values ($1, $2, $3, $4, $5::jsonb, $6::timestamptz)`,
      [
        supplement.hash,
        failed.roundId,
        taskId,
        position,
        JSON.stringify(supplement.record),
        new Date(set.now).toISOString(),
      ],
    ),
  );
}

function rebind(set: WorkingSet, task: TaskRecord, next: AwardRecord): FaultOutcome {
  bindAward(set, task.id, next);
  return { kind: "reawarded", node: next.node };
}

function reopen(set: WorkingSet, task: TaskRecord): FaultOutcome {
  task.state = nextState(task.state, "reopen");
  task.awardHash = null;
  task.wakeAt = task.deliverBy;
  set.touchTask(task);
  return { kind: "reopened" };
}
