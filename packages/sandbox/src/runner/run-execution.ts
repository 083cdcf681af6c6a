import { type ExecutionFailureReason, StoaError } from "@stoa/protocol";
import type { Broker } from "../broker/create-broker.ts";
import type { BrokerUsage } from "../broker/session.ts";
import type { Frame } from "../frames/frame.ts";
import {
  type FromChild,
  type Load,
  MAX_FAILURE_LENGTH,
  MAX_PROGRESS_LENGTH,
  readFromChild,
} from "../frames/messages.ts";
import type { ExecutionRequest } from "./execution.ts";
import { explainExit } from "./explain-exit.ts";
import { createLogBatch } from "./log-batch.ts";
import { printable } from "./printable.ts";
import type { SandboxProcess } from "./sandbox-process.ts";

/** A process reports progress at most every 50 ms; one that does much more is no longer ours. */
const PROGRESS_PER_SECOND = 40;
const PROGRESS_ALLOWANCE = 100;

export interface Verdict {
  failure: { reason: ExecutionFailureReason; message: string } | undefined;
  output: Uint8Array;
  cpuMs: number | undefined;
  peakMemoryMb: number | undefined;
  /** What a deterministic agent used. */
  fuel?: number | undefined;
  logBytes: number;
  /** What it used of its grants. */
  usage: BrokerUsage;
  /** The process ended before it had read its input: nothing of the execution was done. */
  neverBegan?: boolean;
}

interface Bounds {
  timeMs: number;
  outputBytes: number;
  logBytes: number;
}

/**
 * Has a loaded sandbox process run one input, and judges it: the first of a result, a broken limit, a broken rule,
 * the caller's signal and the process's end decides. A process whose execution failed must be thrown away.
 */
export function runExecution(
  process: SandboxProcess,
  request: ExecutionRequest,
  input: Uint8Array,
  bounds: Bounds,
  broker: Broker,
): Promise<Verdict> {
  const { promise, resolve, reject } = Promise.withResolvers<Verdict>();
  const session = broker.open(request);
  const log = createLogBatch(bounds.logBytes, (lines) => tell(() => request.onLog?.(lines)));
  let progressLeft = PROGRESS_ALLOWANCE + (bounds.timeMs / 1_000) * PROGRESS_PER_SECOND;
  let calling = false;
  let spoke = false;
  let over = false;

  /** Calls a listener of the caller's: when it throws, the caller is told and the execution is over. */
  function tell(listener: () => void): void {
    try {
      listener();
    } catch (error) {
      reject(error);
      cancel();
    }
  }

  function finish(verdict: Omit<Verdict, "logBytes" | "usage">): void {
    if (over) return;
    over = true;
    log.flush();
    clearTimeout(timer);
    request.signal?.removeEventListener("abort", cancel);
    resolve({ ...verdict, logBytes: log.bytes, usage: session.close() });
  }
  const fail = (
    reason: ExecutionFailureReason,
    message: string,
    told: { cpuMs?: number; fuel?: number | undefined } = {},
    neverBegan = false,
  ) =>
    finish({
      // It may quote what the process said.
      failure: { reason, message: printable(message.slice(0, MAX_FAILURE_LENGTH)) },
      output: new Uint8Array(),
      cpuMs: told.cpuMs,
      fuel: told.fuel,
      peakMemoryMb: undefined,
      neverBegan,
    });
  const cancel = () => fail("cancelled", "the execution was cancelled");

  function answer(method: string, json: string): void {
    if (calling) return fail("crashed", "the sandbox process called twice at once");
    calling = true;
    session.call(method, json).then(
      (reply) => {
        calling = false;
        if (!over) process.send({ type: "reply", ...reply });
      },
      (error: unknown) =>
        fail(
          "sandbox_failed",
          `the broker failed on ${method}: ${error instanceof Error ? error.message : String(error)}`,
        ),
    );
  }

  function take(message: FromChild | undefined, bytes: Uint8Array): void {
    switch (message?.type) {
      case "log":
        if (!log.add(message.text)) fail("log_limit", `the log is over ${bounds.logBytes} bytes`);
        return;
      case "progress":
        progressLeft -= 1;
        if (progressLeft < 0) return fail("crashed", "the sandbox process flooded its progress");
        return tell(() =>
          request.onProgress?.(message.fraction, printable(message.text.slice(0, MAX_PROGRESS_LENGTH))),
        );
      case "call":
        return answer(message.method, message.json);
      case "done":
        if (bytes.length > bounds.outputBytes)
          return fail("output_limit", `the output is over ${bounds.outputBytes} bytes`, message);
        return finish({
          failure: undefined,
          output: bytes,
          cpuMs: message.cpuMs,
          peakMemoryMb: message.peakMemoryMb,
          fuel: message.fuel,
        });
      case "failed":
        return fail(message.reason, message.message, message);
      default:
        return fail("crashed", "the sandbox process broke its protocol");
    }
  }

  function onFrames(frames: Frame[]): void {
    for (const frame of frames) {
      spoke = true;
      // One that speaks on after its result would answer the next execution.
      if (over) return process.kill();
      take(readFromChild(frame.message), frame.bytes);
    }
  }

  const timer = setTimeout(() => fail("timeout", `it ran longer than ${bounds.timeMs} ms`), bounds.timeMs);
  request.signal?.addEventListener("abort", cancel, { once: true });
  process.listen({
    onFrames,
    onBroken: (error) => fail("crashed", `the sandbox process broke its protocol: ${error.message}`),
    onExit(exit) {
      const { reason, message } = explainExit(exit);
      fail(reason, message, {}, exit.leftUnread && !spoke);
    },
  });
  if (request.signal?.aborted) cancel();
  else process.send({ type: "run" }, input);
  return promise;
}

/**
 * Waits until a fresh process has loaded its own code and the artifact.
 * @param interpreter what it runs a script with in the place of its own
 */
export async function loadArtifact(
  process: SandboxProcess,
  artifact: Uint8Array,
  bounds: Load,
  timeMs: number,
  interpreter?: Uint8Array,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let isReady = false;
  const fault = (message: string) =>
    reject(new StoaError("execution_failed", printable(message), { details: { isAgentFault: isReady } }));
  const timer = setTimeout(
    () => fault(`the sandbox process did not ${isReady ? "load the artifact" : "start"} within ${timeMs} ms`),
    timeMs,
  );
  process.listen({
    onFrames(frames) {
      for (const [at, { message }] of frames.entries()) {
        const type = readFromChild(message)?.type;
        if (type === "ready" && !isReady) {
          isReady = true;
          if (interpreter) process.send({ type: "interpreter" }, interpreter);
          process.send({ type: "load", ...bounds }, artifact);
        } else if (type === "loaded" && isReady && at === frames.length - 1) {
          process.rest();
          resolve();
        } else return fault("the sandbox process broke its protocol while it started");
      }
    },
    onBroken: (error) => fault(error.message),
    onExit: (exit) => fault(explainExit(exit).message),
  });
  try {
    await promise;
  } finally {
    clearTimeout(timer);
  }
}
