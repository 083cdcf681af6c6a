import type { ExecutionFailureReason } from "@stoa/protocol";
import { MAX_CALL_BYTES, MAX_METHOD_LENGTH, MAX_PROGRESS_LENGTH } from "../frames/messages.ts";
import type { Channel } from "./channel.ts";

/** Milliseconds between two progress reports that are passed on. */
const PROGRESS_EVERY_MS = 50;

/** An agent's failure that is told by its reason. */
export class AgentFailure extends Error {
  readonly reason: ExecutionFailureReason;

  constructor(reason: ExecutionFailureReason, message: string) {
    super(message);
    this.reason = reason;
  }
}

/** What every kind of agent may ask of the world: nothing else leaves the sandbox. */
export interface AgentHost {
  log(text: string): void;
  progress(fraction: number, text: string): void;
  /** Asks the broker outside; a refusal is text for the agent, not a failure of the execution. */
  call(method: string, json: string): { ok: boolean; json: string };
}

/** Connects an execution with its runner. The runner counts and judges; here lengths are only kept sendable. */
export function createAgentHost(channel: Channel, logBytes: number): AgentHost {
  let reportedAt = -Infinity;
  return {
    log(text) {
      // One byte over the limit is enough for the runner to see the overflow.
      channel.send({ type: "log", text: text.slice(0, logBytes + 1) });
    },
    progress(fraction, text) {
      const now = performance.now();
      if (now - reportedAt < PROGRESS_EVERY_MS || !Number.isFinite(fraction)) return;
      reportedAt = now;
      channel.send({
        type: "progress",
        fraction: Math.min(1, Math.max(0, fraction)),
        text: text.slice(0, MAX_PROGRESS_LENGTH),
      });
    },
    call(method, json) {
      if (method.length > MAX_METHOD_LENGTH)
        return { ok: false, json: `a method's name has at most ${MAX_METHOD_LENGTH} characters` };
      if (json.length * 3 > MAX_CALL_BYTES && Buffer.byteLength(json) > MAX_CALL_BYTES) {
        return { ok: false, json: `a call carries at most ${MAX_CALL_BYTES} bytes` };
      }
      channel.send({ type: "call", method, json });
      const reply = channel.receive().message as { ok: boolean; json: string };
      return { ok: reply.ok, json: reply.json };
    },
  };
}
