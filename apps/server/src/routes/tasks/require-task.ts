import { StoaError, type Task, type TaskId } from "@stoa/protocol";
import { type Database, findTask, findTaskIds, listAwardsOfTask, loadSettlements, type TaskRecord } from "@stoa/store";
import type { FastifyRequest } from "fastify";
import Type from "typebox";
import { requireOwner } from "../../http/authenticate.ts";
import type { HttpContext } from "../../http/http-context.ts";
import { taskView } from "./task-view.ts";
import { moneyOf } from "./unserved-view.ts";

/** Fewest hex digits that may stand for a whole id. */
const MIN_PREFIX = 8;

/** The path of a route on one task. */
export const TaskParamsSchema = Type.Object({
  id: Type.String({
    description: `a task's id, or its first ${MIN_PREFIX} hex digits or more when no other task has them`,
  }),
});

/**
 * The task of a path.
 * @throws {StoaError} `malformed_id` when the text is no id, too short, or stands for several tasks; `not_found`
 */
export async function requireTask(database: Database, text: string): Promise<TaskRecord> {
  const id = await resolveTaskId(database, text);
  const task = await findTask(database, id);
  if (!task) throw new StoaError("not_found", `there is no task ${id}`);
  return task;
}

/** The task of a path when it is the caller's. */
export async function requireOwnTask(database: Database, request: FastifyRequest, text: string): Promise<TaskRecord> {
  const task = await requireTask(database, text);
  requireOwner(request, task.requester, `the task ${task.id}`);
  return task;
}

/** Reads all that is shown of a task: only what its state can have, since tasks are asked for more than anything else. */
export async function showWhole(
  { database, info }: Pick<HttpContext, "database" | "info">,
  task: TaskRecord,
  isOwner: boolean,
): Promise<Task> {
  const wasAwarded = task.awardHash !== null || task.attempts + task.retries > 0;
  const [awards, settlements] = await Promise.all([
    wasAwarded ? listAwardsOfTask(database, task.id) : [],
    task.result ? loadSettlements(database, [task.id]) : [],
  ]);
  return taskView({ task, awards, settlement: settlements[0], money: moneyOf(info()) }, isOwner);
}

async function resolveTaskId(database: Database, text: string): Promise<TaskId> {
  const [, digits] = /^(?:0x)?([0-9a-f]{1,64})$/.exec(text.toLowerCase()) ?? [];
  if (digits === undefined || digits.length < MIN_PREFIX) {
    throw new StoaError(
      "malformed_id",
      `a task's id is 0x and 64 hex digits, of which ${MIN_PREFIX} are enough; got ${JSON.stringify(text)}`,
    );
  }
  if (digits.length === 64) return `0x${digits}` as TaskId;
  const [id, other] = await findTaskIds(database, `0x${digits}`);
  if (!id) throw new StoaError("not_found", `no task's id starts with 0x${digits}`);
  if (other) throw new StoaError("malformed_id", `several tasks' ids start with 0x${digits}: give more digits`);
  return id;
}
