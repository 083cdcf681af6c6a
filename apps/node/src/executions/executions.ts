import { randomUUID } from "node:crypto";
import type { MarketLink } from "@stoa/network";
import {
  type Award,
  decodeTyped,
  type Hash,
  hashTyped,
  type Json,
  type Manifest,
  type NodeMessages,
  signTyped,
  StoaError,
} from "@stoa/protocol";
import type { TaskTraces } from "@stoa/host";
import type { ExecutionOutcome } from "@stoa/sandbox";
import type { Logger } from "pino";
import type { Endpoints } from "../agents/endpoints.ts";
import type { Runners } from "../agents/runners.ts";
import type { Assignment, Journal, Undertaken } from "../journal.ts";
import type { Durations } from "../rounds/durations.ts";
import type { Slots } from "../slots.ts";
import type { Subtasks } from "../subtasks/subtasks.ts";
import { type AssignmentRoom, type Checked, checkAssignment } from "./check-assignment.ts";
import { delivery, refusal } from "./signed-messages.ts";
import { createLogReporter } from "./log-reporter.ts";

/** A finished award is remembered this long after its deadline, for an assignment that comes again. */
const REMEMBER_MS = 3_600_000;

export interface ExecutionsRoom extends AssignmentRoom {
  journal: Journal;
  slots: Slots;
  runners: Runners;
  endpoints: Pick<Endpoints, "doubt">;
  durations: Durations;
  subtasks: Pick<Subtasks, "openFor">;
  traces: TaskTraces;
  link(): MarketLink;
  /** Something changed that a heartbeat or the status file tells. */
  changed(): void;
  log: Logger;
}

function decodeAward(assignment: Assignment): Award {
  return decodeTyped("Award", assignment.award);
}

/** An execution as the status shows it. */
export interface Running {
  taskId: Hash;
  executionId: string;
  agent: string;
  startedAtMs: number;
}

interface Job {
  undertaken: Undertaken;
  payment: bigint;
  abort: AbortController;
  withdrawn: boolean;
  startedAtMs: number | null;
}

export interface Executions {
  /** Takes an assignment on, or turns it down; resolves once that is on disk, before the work is done. */
  assign(assignment: Assignment): Promise<void>;
  /** Stops work on a task the market took away. */
  withdraw(taskId: Hash, reason: string): Promise<void>;
  /** Goes on with what a process that was killed had undertaken. */
  resume(): Promise<void>;
  running(): Running[];
  waiting(): number;
  /** Resolves with true once nothing runs or waits, with false after `timeoutMs`. */
  idle(timeoutMs: number): Promise<boolean>;
  /** Stops everything; the journal keeps it for the next start. */
  stop(): Promise<void>;
}

/**
 * Runs what the market assigns, at most as many at once as there are slots.
 *
 *   assigned ──checked──▶ waiting ──slot──▶ running ──▶ delivered | failed
 *      └──does not fit──▶ refused    └──too late──▶ late     └──withdrawn
 */
export function createExecutions(room: ExecutionsRoom): Executions {
  const { journal, slots, terms, log } = room;
  const jobs = new Map<Hash, Job>();
  const queue: { job: Job; checked: Pick<Checked, "agent"> }[] = [];
  const ongoing = new Set<Promise<void>>();
  let isStopping = false;

  async function refuse(assignment: Assignment, awardHash: Hash, error: StoaError): Promise<void> {
    const { taskId, deliverByMs } = assignment;
    const refused = await refusal(terms, { taskId, awardHash }, error);
    await room.link().send(refused);
    await journal.end(awardHash, taskId, "refused", deliverByMs + REMEMBER_MS, 0n);
    slots.release(assignment.roundId);
    log.warn({ taskId, reason: refused.reason }, "turned an award down");
  }

  async function assign(assignment: Assignment): Promise<void> {
    const { taskId } = assignment;
    const awardHash = hashTyped(terms.domain, "Award", decodeAward(assignment));
    if (journal.knows(awardHash)) return log.debug({ taskId, awardHash }, "an assignment came again");
    let checked: Checked;
    try {
      checked = await checkAssignment(assignment, room);
    } catch (error) {
      if (!(error instanceof StoaError) || error.definition.kind === "retry") throw error;
      return await refuse(assignment, awardHash, error);
    }
    const undertaken = { executionId: randomUUID(), awardHash, assignment };
    await journal.undertake(undertaken);
    enqueue(undertaken, checked);
  }

  function enqueue(undertaken: Undertaken, checked: Pick<Checked, "agent" | "payment">): void {
    const job: Job = {
      undertaken,
      payment: checked.payment,
      abort: new AbortController(),
      withdrawn: false,
      startedAtMs: null,
    };
    jobs.set(undertaken.awardHash, job);
    queue.push({ job, checked });
    startNext();
  }

  function startNext(): void {
    while (!isStopping && slots.running() < slots.total()) {
      const next = queue.shift();
      if (!next) return;
      slots.take(next.job.undertaken.assignment.roundId);
      const work = execute(next.job, next.checked)
        .catch((error: unknown) =>
          log.error({ err: error, taskId: next.job.undertaken.assignment.taskId }, "an execution broke"),
        )
        .finally(() => {
          ongoing.delete(work);
          jobs.delete(next.job.undertaken.awardHash);
          slots.give();
          room.changed();
          startNext();
        });
      ongoing.add(work);
    }
  }

  async function tellStarted({ undertaken }: Job): Promise<void> {
    const { assignment, awardHash, executionId } = undertaken;
    const nodeSignature = await signTyped(terms.signer, terms.domain, "Award", decodeAward(assignment));
    await room.link().send({ type: "started", taskId: assignment.taskId, executionId, awardHash, nodeSignature });
  }

  async function execute(job: Job, { agent }: Pick<Checked, "agent">): Promise<void> {
    const { assignment, executionId } = job.undertaken;
    const { taskId } = assignment;
    if (job.withdrawn) return await end(job, "withdrawn");
    if (room.now() > assignment.deliverByMs) return await end(job, "late");
    job.startedAtMs = room.now();
    await tellStarted(job);
    room.changed();
    log.info({ taskId, executionId, agent: agent.manifest.name }, "running");
    const reporter = createLogReporter({ taskId, executionId }, (message) => {
      // Progress is worth nothing later: it does not pile up while the market is away.
      if (message.type === "progressed" && room.link().state().status !== "online") return;
      room
        .link()
        .send(message)
        .catch((error: unknown) => log.error({ err: error, taskId }, "a log could not be sent"));
    });
    using ordering = room.subtasks.openFor(job.undertaken);
    const outcome = await room.runners
      .use(agent, (runner) =>
        runner.run({
          executionId,
          input: assignment.input as Json,
          signal: job.abort.signal,
          ...(ordering ? { runTask: ordering.runTask } : {}),
          onLog: (lines) => reporter.lines(lines),
          onProgress: (fraction, text) => reporter.progress(fraction, text),
        }),
      )
      .catch((error: Error): ExecutionOutcome => ({
        status: "failed",
        reason: "sandbox_failed",
        message: error.message,
        stats: { wallMs: 0, logBytes: 0 },
      }));
    reporter.flush();
    traceExecution(job, agent.manifest, outcome);
    if (ordering && agent.manifest.grants.subtasks) outcome.stats.subtasks = ordering.spent();
    if (job.withdrawn) return await end(job, "withdrawn");
    if (isStopping) return;
    await report(job, agent.versionId, outcome);
  }

  function traceExecution(
    { undertaken, startedAtMs }: Job,
    { name, version }: Manifest,
    outcome: ExecutionOutcome,
  ): void {
    const { executionId, assignment } = undertaken;
    const endMs = room.now();
    room.traces.recordStep({
      taskId: assignment.taskId,
      name: "execute",
      startMs: startedAtMs ?? endMs,
      endMs,
      attributes: {
        "stoa.node": terms.node,
        "stoa.execution": executionId,
        "stoa.agent": `${name}@${version}`,
        "stoa.log_bytes": outcome.stats.logBytes,
      },
      fault: outcome.status === "failed" ? outcome.reason : undefined,
    });
  }

  async function report(job: Job, versionId: Hash, outcome: ExecutionOutcome): Promise<void> {
    const { assignment, executionId, awardHash } = job.undertaken;
    const of = { taskId: assignment.taskId, executionId };
    const { calls, models } = outcome.stats;
    const usage = { ...(calls && { calls }), ...(models && { models }) };
    if (outcome.status === "failed") {
      room.endpoints.doubt(versionId);
      const { reason, message, stats } = outcome;
      const told = { awardHash, reason, message: message.slice(0, 1_000), stats };
      await room.link().send({ type: "agent.failed", ...of, ...told });
      log.warn({ ...of, reason, message, ...usage }, "the execution failed");
      return await end(job, "failed");
    }
    room.durations.record(versionId, outcome.stats.wallMs);
    const result = await delivery(terms, { ...of, awardHash }, outcome);
    await journal.sign(awardHash, result);
    await room.link().send(result);
    const { resultHash } = result.receipt;
    log.info({ ...of, resultHash, wallMs: Math.round(outcome.stats.wallMs), ...usage }, "delivered");
    await end(job, "delivered");
  }

  /** Sends a result that was signed before the process ended: an agent may answer otherwise when it runs anew. */
  async function deliverAgain({ assignment, awardHash }: Undertaken, signed: NodeMessages["delivered"]): Promise<void> {
    const { taskId, deliverByMs } = assignment;
    const award = decodeAward(assignment);
    await room.link().send(signed);
    await journal.end(awardHash, taskId, "delivered", deliverByMs + REMEMBER_MS, award.price - award.royalty);
  }

  async function end(job: Job, ending: "delivered" | "failed" | "withdrawn" | "late"): Promise<void> {
    const { awardHash, assignment } = job.undertaken;
    await journal.end(awardHash, assignment.taskId, ending, assignment.deliverByMs + REMEMBER_MS, job.payment);
  }

  return {
    assign,
    async withdraw(taskId, reason) {
      for (const job of jobs.values()) {
        if (job.undertaken.assignment.taskId !== taskId) continue;
        log.info({ taskId, reason }, "the market withdrew a task");
        job.withdrawn = true;
        job.abort.abort();
      }
    },
    async resume() {
      for (const undertaken of journal.undertaken()) {
        const { assignment, awardHash } = undertaken;
        const award = decodeAward(assignment);
        const agent = room.agents().get(assignment.agentVersion);
        const signed = journal.signedFor(awardHash);
        if (signed) await deliverAgain(undertaken, signed);
        else if (agent && room.now() < assignment.deliverByMs)
          enqueue(undertaken, { agent, payment: award.price - award.royalty });
        else await journal.end(awardHash, assignment.taskId, "late", assignment.deliverByMs + REMEMBER_MS, 0n);
        log.info(
          { taskId: assignment.taskId, executionId: undertaken.executionId, isHosted: agent !== undefined },
          "an execution was cut off; taking it up again",
        );
      }
    },
    running: () =>
      [...jobs.values()].flatMap(({ undertaken: { assignment, executionId }, startedAtMs }) =>
        startedAtMs === null
          ? []
          : [{ taskId: assignment.taskId, executionId, agent: assignment.agentVersion, startedAtMs }],
      ),
    waiting: () => queue.length,
    async idle(timeoutMs) {
      const deadline = AbortSignal.timeout(timeoutMs);
      const over = new Promise<void>((resolve) => deadline.addEventListener("abort", () => resolve(), { once: true }));
      while (ongoing.size > 0 && !deadline.aborted) await Promise.race([over, ...ongoing]);
      return ongoing.size === 0;
    },
    async stop() {
      isStopping = true;
      for (const job of jobs.values()) job.abort.abort();
      await Promise.all(ongoing);
    },
  };
}
