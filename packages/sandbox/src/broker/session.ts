import { type ExecutionStats, isTooDeep, type Json } from "@stoa/protocol";
import { MAX_CALL_BYTES } from "../frames/messages.ts";
import { GrantRefusal } from "./grant-refusal.ts";
import type { RunTask } from "./run-task.ts";

/** What the calls of one execution may use besides their parameters. */
export interface Caller {
  /** Aborts with the execution. */
  signal: AbortSignal;
  /** How this execution has others work, when its task has a budget for that. */
  runTask: RunTask | undefined;
}

/** Gives the reply, or throws a `GrantRefusal` with what the agent is told. */
export type Method = (params: Json, caller: Caller) => Promise<Json>;

/** One answered call as a node may write it down: sizes, never contents. */
export interface MeteredCall {
  executionId: string;
  /** "unknown" for a name that is not granted: the agent chose it. */
  method: string;
  refused: boolean;
  bytesIn: number;
  bytesOut: number;
  ms: number;
  /** Why a provider of the node's own failed, when it did. */
  fault?: string;
}

export type BrokerUsage = Pick<ExecutionStats, "calls" | "models">;

/** The calls of one execution, each of them counted. */
export interface BrokerSession {
  /**
   * Answers one call. A refusal's text is for the agent, which may go on.
   * @throws what is a fault of the node
   */
  call(method: string, json: string): Promise<{ ok: boolean; json: string }>;
  /** Stops what still runs and says what was used; nothing is answered after it. */
  close(): BrokerUsage;
}

export interface SessionOptions {
  executionId: string;
  methods: ReadonlyMap<string, Method>;
  caller: Caller;
  onCall: ((call: MeteredCall) => void) | undefined;
  /** Ends what the methods hold for the execution. */
  close(): BrokerUsage;
}

type Meter = NonNullable<BrokerUsage["calls"]>[number];

/** Names that are not granted share one meter, so that an agent cannot make the stats as long as it likes. */
const UNKNOWN = "unknown";

function readParams(json: string): Json {
  let params: Json;
  try {
    params = JSON.parse(json) as Json;
  } catch {
    throw new GrantRefusal("the parameters are not JSON");
  }
  if (isTooDeep(params)) throw new GrantRefusal("the parameters are nested too deep");
  return params;
}

/** Opens the calls of one execution. */
export function openSession({ executionId, methods, caller, onCall, close }: SessionOptions): BrokerSession {
  const meters = new Map<string, Meter>();

  function meterOf(method: string): Meter {
    const meter = meters.get(method) ?? { method, count: 0, refused: 0, bytesIn: 0, bytesOut: 0 };
    meters.set(method, meter);
    return meter;
  }

  async function answer(name: string, json: string): Promise<string> {
    const method = methods.get(name);
    if (!method)
      throw new GrantRefusal(
        `${name} is not granted${methods.size > 0 ? `; granted are ${[...methods.keys()].join(", ")}` : ""}`,
      );
    const reply = JSON.stringify(await method(readParams(json), caller));
    if (Buffer.byteLength(reply) > MAX_CALL_BYTES) throw new GrantRefusal(`the reply is over ${MAX_CALL_BYTES} bytes`);
    return reply;
  }

  return {
    async call(name, json) {
      const startedAt = performance.now();
      const meter = meterOf(methods.has(name) ? name : UNKNOWN);
      const bytesIn = Buffer.byteLength(json);
      meter.count += 1;
      meter.bytesIn += bytesIn;
      const reply = await answer(name, json).then(
        (text) => ({ ok: true, json: text, fault: undefined }),
        (error: unknown) => {
          if (!(error instanceof GrantRefusal)) throw error;
          return { ok: false, json: error.message, fault: error.fault };
        },
      );
      const bytesOut = Buffer.byteLength(reply.json);
      meter.bytesOut += bytesOut;
      if (!reply.ok) meter.refused += 1;
      onCall?.({
        executionId,
        method: meter.method,
        refused: !reply.ok,
        bytesIn,
        bytesOut,
        ms: performance.now() - startedAt,
        ...(reply.fault === undefined ? {} : { fault: reply.fault }),
      });
      return { ok: reply.ok, json: reply.json };
    },
    close() {
      const rest = close();
      return meters.size === 0 ? rest : { calls: [...meters.values()].map((meter) => ({ ...meter })), ...rest };
    },
  };
}
