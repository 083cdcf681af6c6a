import { type Json, StoaError, type Task } from "@stoa/protocol";
import type { TaskUpdate } from "@stoa/sdk";
import type { Cli } from "../cli.ts";
import type { OpenedMarket } from "../profile/open-market.ts";
import { createNarration, type Narration } from "./narration.ts";
import { tellEvent } from "./tell-event.ts";
import { tellTask } from "./tell-task.ts";

export interface FollowOptions {
  /** When the result is delivered: check and accept it, end there, or go on until it ends by itself. */
  onDelivery: "accept" | "end" | "wait";
  /** Tell every update as a line of JSON instead of in words. */
  jsonLines?: boolean;
}

/** Where following a task ended. */
export interface Followed {
  task: Task;
  /** Its output when there is one and it is the caller's to see. */
  output: Json | undefined;
  /** Why the result was not accepted although it should have been. */
  problem: { code: string; message: string } | null;
}

const GIVE_UP_AFTER_MS = 60_000;
/** How long a settled task is waited for until the chain has it too. */
const PAID_WITHIN_MS = 30_000;

/**
 * Follows a task to its end, telling what happens, and accepts the result when asked to.
 * @throws {StoaError} `server_unavailable` when the market stays away
 */
export async function followTask(
  cli: Cli,
  market: OpenedMarket,
  id: string,
  options: FollowOptions,
): Promise<Followed> {
  const { terminal, abort } = cli;
  const { client } = market;
  const narration = cli.json ? null : createNarration(cli, market);
  const paidTooLate = new AbortController();
  let payTimer: NodeJS.Timeout | undefined;
  let task: Task | null = null;
  let outcome: { problem: Followed["problem"] } | null = null;
  const signal = AbortSignal.any([abort.signal, paidTooLate.signal]);
  try {
    for await (const update of client.tasks.watch(id, { until: "paid", signal, giveUpAfterMs: GIVE_UP_AFTER_MS })) {
      if (options.jsonLines) terminal.printJsonLine(update);
      if (narration) await tell(narration, update);
      if (update.kind === "task") task = update.task;
      if (options.onDelivery === "accept" && isAwarded(update)) await letOrder(market, taskIdOf(update), task);
      if (isState(update, "delivered") && !outcome) {
        if (options.onDelivery === "end") break;
        if (options.onDelivery === "wait") continue;
        const askedAt = Date.now();
        outcome = { problem: await acceptResult(market, taskIdOf(update)) };
        if (outcome.problem) {
          narration?.say(
            "refused",
            narration.colours.red(`${outcome.problem.code}: ${outcome.problem.message}; it is not accepted`),
          );
          break;
        }
        if (narration?.once("accepted"))
          narration.say("accepted", "signatures, hash, price and the agent's promise check out", askedAt);
      }
      if (isState(update, "settled")) payTimer ??= setTimeout(() => paidTooLate.abort(), PAID_WITHIN_MS);
    }
  } finally {
    clearTimeout(payTimer);
    terminal.end();
  }
  if (!task) throw new StoaError("server_unavailable", `nothing was heard of task ${id}`);
  const last = await client.tasks.get(task.id);
  if (paidTooLate.signal.aborted)
    narration?.add(`the chain has not confirmed it yet; it will: stoa task show ${task.id.slice(0, 12)}`);
  return { task: last, output: await outputOf(market, last), problem: outcome?.problem ?? null };
}

function tell(narration: Narration, update: TaskUpdate): Promise<void> {
  return update.kind === "task" ? tellTask(narration, update.task) : tellEvent(narration, update.event);
}

function isAwarded(update: TaskUpdate): boolean {
  return update.kind === "task"
    ? update.task.state === "awarded" || update.task.state === "running"
    : update.event.type === "task.awarded";
}

/** Answers an award with the wallet's word that its node may order, when the task has a budget for that. */
async function letOrder({ client, wallet }: OpenedMarket, taskId: string, task: Task | null): Promise<void> {
  if (!task?.spec.subtasks) return;
  try {
    await client.tasks.grantSubtasks(taskId, { signer: await wallet() });
  } catch (error) {
    // The task may be over, or with another node, by now.
    if (!(error instanceof StoaError) || error.definition.kind !== "mistake") throw error;
  }
}

/** What is wrong with a result is told, and leaves the task to the caller; a market that is away is an error. */
async function acceptResult({ client, wallet }: OpenedMarket, taskId: string): Promise<Followed["problem"]> {
  try {
    await client.tasks.acceptWhenGood(taskId, { signer: await wallet() });
    return null;
  } catch (error) {
    if (!(error instanceof StoaError) || error.definition.kind !== "mistake") throw error;
    return { code: error.code, message: error.message };
  }
}

async function outputOf({ client }: OpenedMarket, task: Task): Promise<Json | undefined> {
  if (!task.result) return undefined;
  try {
    return (await client.tasks.result(task.id)).output as Json;
  } catch (error) {
    // Someone else's task can be followed, but not read.
    if (error instanceof StoaError && (error.code === "forbidden" || error.code === "unauthorized")) return undefined;
    throw error;
  }
}

function isState(update: TaskUpdate, state: "delivered" | "settled"): boolean {
  return update.kind === "task" ? update.task.state === state : update.event.type === `task.${state}`;
}

function taskIdOf(update: TaskUpdate): string {
  if (update.kind === "task") return update.task.id;
  return (update.event.data as { taskId: string }).taskId;
}
