import Type, { type Static } from "typebox";
import { type Hash, ZERO_HASH } from "./ids.ts";
import { hashJson } from "./content-hash.ts";
import { AmountSchema, CapabilitySchema, HashSchema } from "./schema-parts.ts";

/** How a result is checked before it is paid. */
export const VerificationSchema = Type.Object(
  { policy: Type.Literal("approval", { description: "the requester accepts, or the challenge window passes" }) },
  { additionalProperties: false },
);

/** How a task finds its node: sealed bids and a clearing price, unless its requester asks for an open descending auction. */
export const AuctionModeSchema = Type.Union([Type.Literal("sealed"), Type.Literal("open")], {
  description: "sealed bids when absent; open for a public descending auction",
});
export type AuctionMode = Static<typeof AuctionModeSchema>;

/** An order's `resultKey` when its result is not encrypted. */
export const IN_THE_CLEAR = ZERO_HASH;
/** Seconds a node has to start, unless the order says otherwise or its deadline leaves less. */
export const DEFAULT_START_SECONDS = 30;

/** Most attempts a task may ask for: each holds its money, and a slot of some node, again. */
export const MAX_ATTEMPTS = 20;
/** Longest pause between two attempts, however its backoff grows. */
export const LONGEST_BACKOFF_SECONDS = 3_600;

/**
 * What happens when an attempt fails. Without it a node's fault is re-awarded for as long as bids and the deadline
 * allow, and an agent's own failure ends the task.
 */
export const RetrySchema = Type.Object(
  {
    maxAttempts: Type.Integer({
      minimum: 1,
      maximum: MAX_ATTEMPTS,
      description: "executions that fail and awards that are lost, together",
    }),
    backoffSeconds: Type.Integer({
      minimum: 0,
      maximum: LONGEST_BACKOFF_SECONDS,
      description: "pause after the first failure of an agent; a node's fault is re-awarded at once",
    }),
    backoffFactor: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 10, description: "what each pause is times the one before; 2 when absent" }),
    ),
    deadLetter: Type.Optional(
      Type.Boolean({
        description: "keep the task as dead, refunded, when no attempt is left: its requester may try it again",
      }),
    ),
  },
  { additionalProperties: false },
);

/** What a task asks for; an order names it by {@link taskHash}, so a requester's signature covers every field. */
export const TaskSpecSchema = Type.Object(
  {
    capability: CapabilitySchema,
    agentVersion: Type.Optional(HashSchema),
    inputHash: HashSchema,
    startBySeconds: Type.Integer({
      minimum: 1,
      maximum: 86_400,
      description: "seconds after the award within which the node must have started",
    }),
    verification: VerificationSchema,
    auction: Type.Optional(AuctionModeSchema),
    retry: Type.Optional(RetrySchema),
    memo: Type.Optional(
      Type.String({ maxLength: 500, description: "a note of the requester's, public like the order" }),
    ),
    subtasks: Type.Optional(
      Type.Object(
        { budget: AmountSchema },
        {
          additionalProperties: false,
          description: "what the agent may order in its turn while it runs, on top of the maximum price",
        },
      ),
    ),
    budgetOf: Type.Optional(
      Type.Unsafe<Hash>({
        ...HashSchema,
        description: "the workflow this is a step of, or the task it was posted under: whose budget pays for it",
      }),
    ),
  },
  { additionalProperties: false },
);

export type RetryPolicy = Static<typeof RetrySchema>;
export type TaskSpec = Static<typeof TaskSpecSchema>;

/** The content address of a task's specification: the `taskHash` of its order. */
export function taskHash(spec: TaskSpec): Hash {
  return hashJson(spec);
}
