import Type, { type Static } from "typebox";
import { AmountSchema, ModelNameSchema } from "./schema-parts.ts";

/**
 * Every way an execution can fail, as it stands on the wire and in the task's record.
 * All but the last two are the agent's own doing: no node is at fault for them.
 */
export const executionFailureReasons = [
  /** The input does not fit the manifest's input schema. */
  "bad_input",
  /** It ran longer than its wall-clock limit. */
  "timeout",
  /** A deterministic agent used more fuel than its limit. */
  "fuel_limit",
  /** It asked for more memory than its limit. */
  "memory_limit",
  /** Its output is longer than its limit. */
  "output_limit",
  /** It logged more than its limit. */
  "log_limit",
  /** What it returned is not JSON, or does not fit the manifest's output schema. */
  "bad_output",
  /** It threw, trapped, overflowed its stack or returned a failure code. */
  "crashed",
  /** The node was told to stop it. */
  "cancelled",
  /** The node could not start or keep its sandbox. */
  "sandbox_failed",
] as const;

export type ExecutionFailureReason = (typeof executionFailureReasons)[number];

export const ExecutionFailureReasonSchema = Type.Unsafe<ExecutionFailureReason>(
  Type.Union(
    executionFailureReasons.map((reason) => Type.Literal(reason)),
    { description: "why an execution failed" },
  ),
);

const closed = { additionalProperties: false };

/** What one execution cost its node. */
export const ExecutionStatsSchema = Type.Object(
  {
    wallMs: Type.Number({ minimum: 0 }),
    cpuMs: Type.Optional(Type.Number({ minimum: 0 })),
    peakMemoryMb: Type.Optional(Type.Number({ minimum: 0 })),
    fuel: Type.Optional(Type.Integer({ minimum: 0, description: "what a deterministic agent used" })),
    logBytes: Type.Integer({ minimum: 0 }),
    calls: Type.Optional(
      Type.Array(
        Type.Object(
          {
            method: Type.String({ maxLength: 64 }),
            count: Type.Integer({ minimum: 0 }),
            refused: Type.Integer({ minimum: 0 }),
            bytesIn: Type.Integer({ minimum: 0, description: "bytes of JSON the agent sent" }),
            bytesOut: Type.Integer({ minimum: 0, description: "bytes it was answered" }),
          },
          closed,
        ),
        { maxItems: 64, description: "what it called of its grants" },
      ),
    ),
    models: Type.Optional(
      Type.Array(
        Type.Object(
          {
            name: ModelNameSchema,
            calls: Type.Integer({ minimum: 0 }),
            inputTokens: Type.Integer({ minimum: 0 }),
            outputTokens: Type.Integer({ minimum: 0 }),
            cost: AmountSchema,
          },
          closed,
        ),
        { maxItems: 16, description: "the language models it used, and what that cost its node" },
      ),
    ),
    subtasks: Type.Optional(
      Type.Object(
        {
          done: Type.Integer({ minimum: 0 }),
          charged: AmountSchema,
        },
        { ...closed, description: "what it had others do, and what that cost its requester" },
      ),
    ),
  },
  closed,
);
export type ExecutionStats = Static<typeof ExecutionStatsSchema>;

/** True when the agent itself, not the node, is why the execution failed: no damages, no payment. */
export function isAgentFault(reason: ExecutionFailureReason): boolean {
  return reason !== "cancelled" && reason !== "sandbox_failed";
}
