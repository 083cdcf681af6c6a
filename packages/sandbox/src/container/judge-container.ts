import type { ExecutionFailureReason, Json } from "@stoa/protocol";
import type { Broker } from "../broker/create-broker.ts";
import type { BrokerUsage } from "../broker/session.ts";
import { MAX_CALL_BYTES, MAX_METHOD_LENGTH, MAX_PROGRESS_LENGTH } from "../frames/messages.ts";
import type { ExecutionRequest } from "../runner/execution.ts";
import { createLogBatch } from "../runner/log-batch.ts";
import { printable } from "../runner/printable.ts";
import { explainEnd } from "./explain-end.ts";
import { createLineCutter } from "./line-cutter.ts";
import { readAgentLine } from "./read-agent-line.ts";
import type { ContainerListener, RunningContainer } from "./run-container.ts";

const PROGRESS_EVERY_MS = 50;
/** JSON around an output on its line, and slack for how it is spaced. */
const LINE_SLACK_BYTES = 4_096;
/** Longest an engine may take to make and start a container, on a busy host. */
const START_TIMEOUT_MS = 30_000;

export interface ContainerVerdict {
  failure: { reason: ExecutionFailureReason; message: string } | undefined;
  output: Uint8Array;
  logBytes: number;
  /** What it used of its grants. */
  usage: BrokerUsage;
}

interface Bounds {
  memoryMb: number;
  timeMs: number;
  outputBytes: number;
  logBytes: number;
}

/**
 * Has a container work on one input, and judges it: the first of its end, a broken limit, a broken rule and the
 * caller's signal decides. The container is then to be removed, whatever the verdict.
 * @param start makes and starts the container with this listener
 */
export function judgeContainer(
  start: (listener: ContainerListener) => RunningContainer,
  request: ExecutionRequest,
  bounds: Bounds,
  broker: Broker,
): { verdict: Promise<ContainerVerdict>; container: RunningContainer } {
  const { promise, resolve, reject } = Promise.withResolvers<ContainerVerdict>();
  const session = broker.open(request);
  const log = createLogBatch(bounds.logBytes, (lines) => tell(() => request.onLog?.(lines)));
  let output: Buffer | undefined;
  let lastLine: string | undefined;
  let progressAt = -Infinity;
  let calling = false;
  let over = false;

  function tell(listener: () => void): void {
    try {
      listener();
    } catch (error) {
      reject(error);
      fail("cancelled", "the execution was cancelled");
    }
  }
  function finish(failure: ContainerVerdict["failure"], bytes: Uint8Array = new Uint8Array()): void {
    if (over) return;
    over = true;
    log.flush();
    clearTimeout(timer);
    request.signal?.removeEventListener("abort", cancel);
    resolve({ failure, output: bytes, logBytes: log.bytes, usage: session.close() });
  }
  const fail = (reason: ExecutionFailureReason, message: string) => finish({ reason, message });
  const cancel = () => fail("cancelled", "the execution was cancelled");

  function answer(method: string, params: Json): void {
    if (method.length > MAX_METHOD_LENGTH)
      return container.send({ refused: `a method's name has at most ${MAX_METHOD_LENGTH} characters` });
    const json = JSON.stringify(params);
    if (Buffer.byteLength(json) > MAX_CALL_BYTES)
      return container.send({ refused: `the parameters are over ${MAX_CALL_BYTES} bytes` });
    if (calling) return fail("crashed", "the container called twice at once");
    calling = true;
    session.call(method, json).then(
      (reply) => {
        calling = false;
        if (!over) container.send(reply.ok ? { reply: JSON.parse(reply.json) as Json } : { refused: reply.json });
      },
      (error: unknown) =>
        fail(
          "sandbox_failed",
          `the broker failed on ${method}: ${error instanceof Error ? error.message : String(error)}`,
        ),
    );
  }

  function takeLine(text: string): void {
    if (over || text.trim() === "") return;
    if (output) return fail("bad_output", "the container wrote more after its output");
    const line = readAgentLine(text);
    switch (line.type) {
      case "output":
        output = Buffer.from(JSON.stringify(line.output));
        if (output.length > bounds.outputBytes) fail("output_limit", `the output is over ${bounds.outputBytes} bytes`);
        return;
      case "progress": {
        const now = performance.now();
        if (now - progressAt < PROGRESS_EVERY_MS) return;
        progressAt = now;
        return tell(() => request.onProgress?.(line.fraction, printable(line.text.slice(0, MAX_PROGRESS_LENGTH))));
      }
      case "call":
        return answer(line.method, line.params);
      case "broken":
        return fail("bad_output", line.message);
    }
  }

  function takeLogLine(text: string): void {
    if (over) return;
    lastLine = printable(text);
    if (!log.add(text)) tooMuchLog();
  }
  const tooMuchLog = () => fail("log_limit", `the log is over ${bounds.logBytes} bytes`);

  const maxLine = Math.max(bounds.outputBytes, MAX_CALL_BYTES) + LINE_SLACK_BYTES;
  const stdout = createLineCutter(maxLine, takeLine, () =>
    fail(
      "output_limit",
      `a line of its standard output is over ${maxLine} bytes, the output may have ${bounds.outputBytes}`,
    ),
  );
  const stderr = createLineCutter(bounds.logBytes, takeLogLine, tooMuchLog);

  let timer = setTimeout(
    () => fail("sandbox_failed", `the container did not start within ${START_TIMEOUT_MS} ms`),
    START_TIMEOUT_MS,
  );
  const container = start({
    onStart() {
      clearTimeout(timer);
      if (over) return;
      timer = setTimeout(() => fail("timeout", `it ran longer than ${bounds.timeMs} ms`), bounds.timeMs);
    },
    onStdout: stdout.take,
    onStderr: stderr.take,
    onEnd(end) {
      stderr.end();
      stdout.end();
      if (end.exitCode !== 0 || end.isOutOfMemory) {
        const { reason, message } = explainEnd(end, bounds.memoryMb, lastLine);
        fail(reason, message);
      } else if (output) finish(undefined, output);
      else fail("bad_output", "the container ended without an output");
    },
    onFault: fail,
  });
  request.signal?.addEventListener("abort", cancel, { once: true });
  if (request.signal?.aborted) cancel();
  else container.send(request.input);
  return { verdict: promise, container };
}
