import { setTimeout as sleep } from "node:timers/promises";
import type { ExecutionFailureReason } from "@stoa/protocol";
import { MAX_PROGRESS_LENGTH } from "../frames/messages.ts";
import type { ExecutionRequest } from "../runner/execution.ts";
import { createLogBatch } from "../runner/log-batch.ts";
import { printable } from "../runner/printable.ts";
import { EndpointFault, toEndpointFault } from "./endpoint-fault.ts";
import type { Endpoint } from "./endpoint.ts";
import type { Wire } from "./wire.ts";

const MAX_ATTEMPTS = 4;
const FIRST_WAIT_MS = 250;
/** What is kept of an endpoint's own words about a failure. */
const MESSAGE_LENGTH = 1_000;
/** Progress is passed on as seldom as a sandbox process sends it. */
const PROGRESS_EVERY_MS = 50;
/** How long an endpoint has to hear that its work is not wanted any more. */
const LAST_WORDS_MS = 2_500;

export interface RemoteVerdict {
  failure: { reason: ExecutionFailureReason; message: string } | undefined;
  output: Uint8Array;
  logBytes: number;
}

export interface RemoteExecution {
  verdict: Promise<RemoteVerdict>;
  /** Resolves when nothing of it is under way any more, which a verdict does not wait for. */
  gone: Promise<void>;
}

/** Rejects when the wire ends the call. */
function brokenOff(wire: Wire): Promise<never> {
  return new Promise((_, reject) => {
    wire.broken.addEventListener("abort", () => reject(wire.fault() ?? new EndpointFault("crashed", "the call ended")));
  });
}

/** Calls the endpoint until it answers, as long as what stands in the way may pass. */
async function callPatiently(
  endpoint: Endpoint,
  request: ExecutionRequest,
  signals: { call: AbortSignal; wire: AbortSignal },
  listener: { onLog(text: string): void; onProgress(fraction: number, text: string): void },
): Promise<string> {
  const { manifest, protocol } = endpoint;
  const { executionId, input } = request;
  const until = performance.now() + manifest.limits.timeMs;
  for (let attempt = 1; ; attempt += 1) {
    const wire = endpoint.wire(signals.wire, executionId);
    try {
      const call = protocol.call({ executionId, manifest, input, wire, signal: signals.call, ...listener });
      return await Promise.race([call, brokenOff(wire)]);
    } catch (error) {
      const fault = error instanceof EndpointFault ? error : (wire.fault() ?? toEndpointFault(error));
      const waitMs = Math.max(fault.retryAfterMs ?? 0, FIRST_WAIT_MS * 2 ** (attempt - 1) * (0.5 + Math.random() / 2));
      if (!fault.isPassing || attempt === MAX_ATTEMPTS || performance.now() + waitMs > until) throw fault;
      await sleep(waitMs, undefined, { signal: signals.call });
    }
  }
}

/** Has an endpoint do one execution, and judges it: the first of an answer, a broken limit and the caller's signal decides. */
export function runRemote(endpoint: Endpoint, request: ExecutionRequest): RemoteExecution {
  const { timeMs, outputBytes, logBytes } = endpoint.manifest.limits;
  const { promise, resolve, reject } = Promise.withResolvers<RemoteVerdict>();
  const calling = new AbortController();
  const wires = new AbortController();
  const log = createLogBatch(logBytes, (lines) => tell(() => request.onLog?.(lines)));
  let progressedAt = -Infinity;
  let over = false;
  let lastWords: NodeJS.Timeout | undefined;

  /** Calls a listener of the caller's: when it throws, the caller is told and the execution is over. */
  function tell(listener: () => void): void {
    try {
      listener();
    } catch (error) {
      reject(error);
      cancel();
    }
  }

  function finish(verdict: Omit<RemoteVerdict, "logBytes">): void {
    if (over) return;
    over = true;
    log.flush();
    clearTimeout(timer);
    request.signal?.removeEventListener("abort", cancel);
    calling.abort();
    resolve({ ...verdict, logBytes: log.bytes });
  }
  const fail = (reason: ExecutionFailureReason, message: string) =>
    finish({ failure: { reason, message: printable(message.slice(0, MESSAGE_LENGTH)) }, output: new Uint8Array() });
  const cancel = () => fail("cancelled", "the execution was cancelled");

  const listener = {
    onLog(text: string): void {
      if (!over && !log.add(text)) fail("log_limit", `the log is over ${logBytes} bytes`);
    },
    onProgress(fraction: number, text: string): void {
      const now = performance.now();
      if (over || !Number.isFinite(fraction) || now - progressedAt < PROGRESS_EVERY_MS) return;
      progressedAt = now;
      tell(() =>
        request.onProgress?.(Math.min(1, Math.max(0, fraction)), printable(text.slice(0, MAX_PROGRESS_LENGTH))),
      );
    },
  };

  async function work(): Promise<void> {
    try {
      const text = await callPatiently(endpoint, request, { call: calling.signal, wire: wires.signal }, listener);
      const output = Buffer.from(text);
      if (output.length > outputBytes) fail("output_limit", `the output is over ${outputBytes} bytes`);
      else finish({ failure: undefined, output });
    } catch (error) {
      const { reason, message } = toEndpointFault(error);
      fail(reason, message);
    } finally {
      clearTimeout(lastWords);
      wires.abort();
    }
  }

  const timer = setTimeout(() => fail("timeout", `it ran longer than ${timeMs} ms`), timeMs);
  request.signal?.addEventListener("abort", cancel, { once: true });
  calling.signal.addEventListener("abort", () => {
    lastWords = setTimeout(() => wires.abort(), LAST_WORDS_MS);
  });
  // A protocol's client that waits for an answer for ever is left to itself once its wires are cut.
  const cut = new Promise<void>((gone) => wires.signal.addEventListener("abort", () => gone()));
  if (!request.signal?.aborted) return { verdict: promise, gone: Promise.race([work(), cut]) };
  cancel();
  clearTimeout(lastWords);
  return { verdict: promise, gone: Promise.resolve() };
}
