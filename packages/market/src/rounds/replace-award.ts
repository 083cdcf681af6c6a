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
import { type AwardRecord, type Queryable, type TaskRecord } from "@stoa/store";
import type { MarketContext } from "../context.ts";
import type { WorkingSet } from "../lane/working-set.ts";
import { accountsOfTask, freeBond } from "../tasks/end-task.ts";
import { giveUpIn } from "../tasks/give-up-task.ts";
import { bindAward } from "./bind-award.ts";
import { freeNodes } from "./free-nodes.ts";
import { signAward } from "./sign-award.ts";

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

/** What the law makes of a fault, computed before the lane decides whether it still holds. */
interface Plan {
  failed: AwardRecord;
  record: RoundRecord;
  supplement: Supplement;
  /** How many supplements the round had before. */
  position: number;
  next: AwardRecord | null;
  damages: Damages;
}

/**
 * Handles a winner's fault by AUCTION: the failed node forfeits its price and owes damages, and the task is cleared
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

async function planReplacement(context: MarketContext, fault: AwardFault, failed: AwardRecord): Promise<Plan> {
  const { database } = context;
  const record = await recordOf(database, failed.roundId);
  const earlier = await supplementsOf(database, failed.roundId);
  const now = context.clock();
  const { supplement, award, damages } = buildSupplement({
    record,
    earlier,
    fault: { node: failed.node, orderHash: fault.taskId, reason: fault.reason, at: now },
    freeNodes: (await mayGoOn(context, record, fault.taskId, now)) ? await freeNodes(database, record.body) : [],
  });
  const round = { roundId: failed.roundId, roundHash: supplementHash(supplement) };
  return {
    failed,
    record,
    supplement,
    position: earlier.length,
    damages,
    next: award && (await signAward(context, record.body, award, round)),
  };
}

/**
 * Whether another node could still start before the task's deadline, and its order allows another attempt: nobody is
 * awarded what cannot be delivered. Attempts are counted with the award's end, so the count holds while the award does.
 */
async function mayGoOn(
  { database }: MarketContext,
  record: RoundRecord,
  taskId: TaskId,
  now: number,
): Promise<boolean> {
  const task = record.body.opening.tasks.find(({ orderHash }) => orderHash === taskId);
  if (!task || !hasTime(Number(task.order.deliverBy) * 1_000, task.spec.startBySeconds, now)) return false;
  const [row] = await database.query<{ attempts: number }>("select attempts from tasks where id = $1", [taskId]);
  return attemptsLeft({ spec: task.spec, attempts: (row?.attempts ?? 0) + 1 });
}

function hasTime(deliverBy: number, startBySeconds: number, now: number): boolean {
  return deliverBy - now > startBySeconds * 1_000;
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

function writeReplacement(context: MarketContext, fault: AwardFault, plan: Plan): Promise<FaultOutcome | Overtaken> {
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
      if (attemptsLeft(task) && hasTime(task.deliverBy, task.spec.startBySeconds, set.now)) return reopen(set, task);
      return { kind: giveUpIn(set, task, fault.reason, fault.message) };
    },
  });
}

async function isOvertaken(tx: Queryable, { failed, position, next, record }: Plan): Promise<boolean> {
  const [supplements] = await tx.query<{ count: bigint }>("select count(*) from supplements where round_id = $1", [
    failed.roundId,
  ]);
  if (supplements?.count !== BigInt(position)) return true;
  return next !== null && !(await freeNodes(tx, record.body)).includes(next.node);
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

function keepSupplement(set: WorkingSet, { supplement, position }: Plan, taskId: TaskId): void {
  set.defer((tx) =>
    tx.query(
      `insert into supplements (hash, round_id, task_id, position, record, made_at)
       values ($1, $2, $3, $4, $5::jsonb, $6::timestamptz)`,
      [
        supplementHash(supplement),
        supplement.roundId,
        taskId,
        position,
        JSON.stringify(supplement),
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
