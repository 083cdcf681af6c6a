import { randomInt } from "node:crypto";
import { matchSchema } from "@stoa/core";
import { agentVersionId, type ExecutionStats, type Manifest, StoaError } from "@stoa/protocol";
import pLimit, { type LimitFunction } from "p-limit";
import { admitArtifact } from "../admission/admit-artifact.ts";
import type { Broker } from "../broker/create-broker.ts";
import { type Containment, detectContainment } from "../containment/detect-containment.ts";
import { launchCommand } from "../containment/launch-command.ts";
import { type Load, MAX_CALL_BYTES } from "../frames/messages.ts";
import { meteredInterpreter } from "../fuel/metered-interpreter.ts";
import type { ExecutionOutcome, ExecutionRequest } from "./execution.ts";
import { readOutput } from "./read-output.ts";
import { loadArtifact, runExecution, type Verdict } from "./run-execution.ts";
import { type SandboxProcess, startSandboxProcess } from "./sandbox-process.ts";

/** Longest a process may take to start, and again to load its artifact, on a busy host. */
const START_TIMEOUT_MS = 20_000;
/** Executions a warm process may serve before its CPU limit is near, counted in full time limits. */
const CPU_ALLOWANCE_SECONDS = 60;
/** The range systemd keeps for users that exist only while a service runs. */
const FIRST_UID = 61_184;
const UIDS = 4_336;
/** JSON around a frame's raw bytes, escaped logs included. */
const FRAME_SLACK_BYTES = 64 << 10;

export interface RunnerOptions {
  manifest: Manifest;
  /** The artifact's bytes, checked against the manifest. */
  artifact: Uint8Array;
  broker: Broker;
  /** How processes are held in; found out by trying when it is not given. */
  containment?: Containment;
  /** Idle processes kept for the next execution. */
  keepWarm?: number;
  /** Lets so many executions have a process at once, of all runners that share it; those over it wait. None wait without. */
  places?: LimitFunction;
}

/** Runs one agent version, any number of executions at once, each in a process no other shares meanwhile. */
export interface Runner extends AsyncDisposable {
  /** Starts a process ahead of the first execution. */
  warm(): Promise<void>;
  /** Always resolves with an outcome; it rejects only when a listener of the request throws, or the runner is closed. */
  run(request: ExecutionRequest): Promise<ExecutionOutcome>;
}

interface Held {
  process: SandboxProcess;
  cpuMs: number;
}

/**
 * Makes a runner for one agent version in WebAssembly or JavaScript: a process per execution at a time, kept warm after a success, thrown away
 * after any failure. The artifact is checked here, and executed only in the processes.
 * @throws {StoaError} `wrong_hash` or `invalid_artifact` when the artifact may not be run
 * @example
 * await using runner = await createRunner({ manifest, artifact, broker });
 * const outcome = await runner.run({ executionId: "1", input: { text: "…" } });
 */
export async function createRunner({
  manifest,
  artifact,
  broker,
  containment,
  keepWarm = 1,
  places = pLimit(Infinity),
}: RunnerOptions): Promise<Runner> {
  const { kind } = manifest.artifact;
  if (kind === "remote")
    throw new StoaError("invalid_artifact", `${manifest.name} is behind an endpoint; createRemoteRunner calls it`);
  if (kind === "container")
    throw new StoaError("invalid_artifact", `${manifest.name} is a container; createContainerRunner runs it`);
  const admitted = await admitArtifact(manifest, artifact);
  const held = containment ?? (await detectContainment());
  const { memoryMb, timeMs, outputBytes, logBytes, fuel, cpuMs: mostCpuMs = Infinity } = manifest.limits;
  const load: Load = {
    memoryMb,
    outputBytes,
    logBytes,
    ...(fuel !== undefined && { determinism: { fuel, seed: agentVersionId(manifest) } }),
  };
  const interpreter = load.determinism && kind === "js" ? meteredInterpreter() : undefined;
  const cpuSeconds = CPU_ALLOWANCE_SECONDS + 4 * Math.ceil(timeMs / 1_000);
  const maxFrameBytes = Math.max(outputBytes, 6 * logBytes, 2 * MAX_CALL_BYTES) + FRAME_SLACK_BYTES;
  const closing = new AbortController();
  const alive = new Set<SandboxProcess>();
  let idle: Held[] = [];

  async function discard({ process }: Held): Promise<void> {
    process.kill();
    await process.exited;
  }

  async function start(): Promise<Held> {
    const uid = held.ownUser ? FIRST_UID + randomInt(UIDS) : undefined;
    const process = startSandboxProcess(
      launchCommand({ containment: held, kind, memoryMb, cpuSeconds, uid }),
      maxFrameBytes,
    );
    alive.add(process);
    void process.exited.then(() => {
      alive.delete(process);
      idle = idle.filter((other) => other.process !== process);
    });
    try {
      await loadArtifact(process, admitted, load, START_TIMEOUT_MS, interpreter);
      return { process, cpuMs: 0 };
    } catch (error) {
      await discard({ process, cpuMs: 0 });
      throw error;
    }
  }

  async function giveBack(used: Held): Promise<void> {
    const isSpent = used.cpuMs + 2 * timeMs > cpuSeconds * 1_000;
    used.process.rest();
    if (isSpent || idle.length >= keepWarm || closing.signal.aborted || used.process.isOver) await discard(used);
    else idle.push(used);
  }

  function takeIdle(): Held | undefined {
    for (let next = idle.pop(); next; next = idle.pop()) if (!next.process.isOver) return next;
    return undefined;
  }

  /** Runs an input in a process of its own; one that is not to be used again is gone before this ends. */
  async function runIn(used: Held, request: ExecutionRequest): Promise<Verdict> {
    let verdict: Verdict | undefined;
    try {
      const input = Buffer.from(JSON.stringify(request.input));
      verdict = await runExecution(used.process, request, input, { timeMs, outputBytes, logBytes }, broker);
      used.cpuMs += verdict.cpuMs ?? 0;
      return verdict;
    } finally {
      await (verdict && !verdict.failure ? giveBack(used) : discard(used));
    }
  }

  /** Something outside may end a process that waits for work; its end is not always seen before it is given some. */
  async function runOnce(request: ExecutionRequest): Promise<Verdict> {
    const warm = takeIdle();
    const verdict = await runIn(warm ?? (await start()), request);
    return warm && verdict.neverBegan ? await runIn(await start(), request) : verdict;
  }

  async function execute(request: ExecutionRequest, signal: AbortSignal): Promise<ExecutionOutcome> {
    const startedAt = performance.now();
    const stats = (verdict?: Verdict): ExecutionStats => ({
      wallMs: performance.now() - startedAt,
      ...(verdict?.cpuMs === undefined ? {} : { cpuMs: verdict.cpuMs }),
      ...(verdict?.peakMemoryMb === undefined ? {} : { peakMemoryMb: verdict.peakMemoryMb }),
      ...(verdict?.fuel === undefined ? {} : { fuel: verdict.fuel }),
      logBytes: verdict?.logBytes ?? 0,
      ...verdict?.usage,
    });
    const [mismatch] = matchSchema(manifest.input, request.input);
    if (mismatch !== undefined)
      return {
        status: "failed",
        reason: "bad_input",
        message: `the input does not fit the manifest's schema: ${mismatch}`,
        stats: stats(),
      };

    if (signal.aborted)
      return { status: "failed", reason: "cancelled", message: "the execution was cancelled", stats: stats() };
    let verdict: Verdict;
    try {
      verdict = await runOnce({ ...request, signal });
    } catch (error) {
      const isAgentFault = error instanceof StoaError ? error.details?.["isAgentFault"] : undefined;
      if (isAgentFault === undefined) throw error;
      const reason = signal.aborted ? "cancelled" : isAgentFault ? "crashed" : "sandbox_failed";
      return { status: "failed", reason, message: (error as StoaError).message, stats: stats() };
    }
    if (verdict.failure) return { status: "failed", ...verdict.failure, stats: stats(verdict) };
    if ((verdict.cpuMs ?? 0) > mostCpuMs)
      return {
        status: "failed",
        reason: "timeout",
        message: `it took ${Math.ceil(verdict.cpuMs!)} ms of CPU time, at most ${mostCpuMs} are allowed`,
        stats: stats(verdict),
      };
    const read = readOutput(verdict.output, manifest);
    if ("problem" in read)
      return { status: "failed", reason: "bad_output", message: read.problem, stats: stats(verdict) };
    return { status: "ok", output: read.output, stats: stats(verdict) };
  }

  return {
    async warm() {
      if (idle.length === 0) await giveBack(await start());
    },
    async run(request) {
      if (closing.signal.aborted)
        throw new StoaError(
          "execution_failed",
          `the runner of ${manifest.name} is closed, execution ${request.executionId} was not started`,
        );
      const signal = request.signal ? AbortSignal.any([request.signal, closing.signal]) : closing.signal;
      return await places(() => execute(request, signal));
    },
    async [Symbol.asyncDispose]() {
      closing.abort();
      const ends = [...alive].map((process) => {
        process.kill();
        return process.exited;
      });
      await Promise.all(ends);
    },
  };
}
