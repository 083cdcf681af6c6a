import type { ExecutionView, Task, TaskSummary } from "@stoa/protocol";
import type { AwardRecord, SettlementRecord, TaskOutcome, TaskRecord, TaskRow } from "@stoa/store";
import { toIso, toIsoOrNull } from "../../http/pagination.ts";
import { type MoneyOf, unservedView } from "./unserved-view.ts";

/** A task as lists show it. */
export function taskSummary(row: TaskRow): TaskSummary {
  const { id, requester, capability, agentVersion, state, maxPrice, openedAt, deliverBy, updatedAt } = row;
  return {
    id,
    requester,
    capability,
    ...(agentVersion && { agentVersion }),
    state,
    maxPrice: maxPrice.toString(),
    openedAt: toIso(openedAt),
    deliverBy: toIso(deliverBy),
    updatedAt: toIso(updatedAt),
  };
}

export interface TaskParts {
  task: TaskRecord;
  /** Every award it had, the first one first. */
  awards: readonly AwardRecord[];
  settlement: SettlementRecord | undefined;
  /** Writes amounts in the sentences. */
  money: MoneyOf;
}

/** A task whole, as its requester (`isOwner`) or anyone else may see it. */
export function taskView({ task, awards, settlement, money }: TaskParts, isOwner: boolean): Task {
  const award = awards.find(({ hash }) => hash === task.awardHash);
  const { memo: _memo, ...publicSpec } = task.spec;
  return {
    ...taskSummary(task),
    spec: isOwner ? task.spec : publicSpec,
    order: task.order,
    inputBytes: task.inputBytes,
    ...(award && { award: awardView(award) }),
    executions: awards.map((each) => executionView(each, isOwner)),
    ...(task.result && { result: { hash: task.result.hash, deliveredAt: toIso(task.result.deliveredAt) } }),
    accepted: task.acceptance !== null,
    ...(task.outcome && { outcome: outcomeView(task.outcome, isOwner) }),
    ...(task.unserved && {
      unserved: task.unserved.map((count) => unservedView(count, { isExact: isOwner, maxPrice: task.maxPrice, money })),
    }),
    attempts: task.attempts,
    ...(task.notBefore !== null && { notBefore: toIso(task.notBefore) }),
    ...(settlement && { settlement: settlementView(settlement) }),
  };
}

function awardView(award: AwardRecord): NonNullable<Task["award"]> {
  const { hash, roundId, node, provider, agentVersion, price, royalty, terms, operatorSignature, madeAt, startBy } =
    award;
  return {
    hash,
    roundId,
    node,
    provider,
    agentVersion,
    price: price.toString(),
    royalty: royalty.toString(),
    terms,
    operatorSignature,
    madeAt: toIso(madeAt),
    startBy: toIso(startBy),
  };
}

function executionView(award: AwardRecord, isOwner: boolean): ExecutionView {
  const { hash, node, agentVersion, state, startedAt, endedAt, stats, failure } = award;
  return {
    awardHash: hash,
    node,
    agentVersion,
    state,
    startedAt: toIsoOrNull(startedAt),
    endedAt: toIsoOrNull(endedAt),
    stats: stats as ExecutionView["stats"],
    failure: failure && withMessage(failure, isOwner),
  };
}

/** A failure's message can quote the input. */
function withMessage(
  { reason, message }: { reason: string; message: string },
  isOwner: boolean,
): { reason: string; message?: string } {
  return isOwner ? { reason, message } : { reason };
}

function outcomeView(outcome: TaskOutcome, isOwner: boolean): NonNullable<Task["outcome"]> {
  return outcome.kind === "settled" ? outcome : { kind: "unpaid", ...withMessage(outcome, isOwner) };
}

function settlementView({ kind, state, txHash, reason, payableAt }: SettlementRecord): NonNullable<Task["settlement"]> {
  return { kind, state, txHash, reason, payableAt: toIsoOrNull(payableAt) };
}
