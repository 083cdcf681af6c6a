import Type, { type Static } from "typebox";
import type { Json } from "../content-hash.ts";
import { AmountSchema, CapabilitySchema, HashSchema } from "../schema-parts.ts";

/** Bounds of a workflow, so that checking and planning one takes bounded time. */
export const workflowLimits = {
  steps: 64,
  /** Of the canonical JSON of a specification. */
  specBytes: 256 << 10,
  /** Attempts beyond a step's first. */
  retries: 5,
  deadlineSeconds: 86_400,
} as const;

const strict = { additionalProperties: false } as const;
const STEP_NAME = "^[a-z][a-z0-9-]{0,31}$";

/** What happens to a workflow when one of its steps fails for good. */
export const workflowPolicies = ["all-or-nothing", "best-effort"] as const;
export type WorkflowPolicy = (typeof workflowPolicies)[number];

/** Who accepts a step's result: the market's runner when it fits the agent's schema, or the requester itself. */
export const stepAcceptances = ["auto", "requester"] as const;
export type StepAcceptance = (typeof stepAcceptances)[number];
const AcceptSchema = Type.Unsafe<StepAcceptance>(
  Type.String({
    enum: [...stepAcceptances],
    description: "auto: the market's runner, when the result fits the agent's schema",
  }),
);

const TemplateSchema = Type.Unsafe<Json>(
  Type.Unknown({
    description:
      'JSON in which {"$from": "step/pointer"} stands for a part of an earlier step\'s output, and {"$from": "$input/pointer"} for a part of the workflow\'s input',
  }),
);

export const StepNameSchema = Type.String({ pattern: STEP_NAME, description: "kebab-case, at most 32 characters" });

/** One task of a workflow. */
export const WorkflowStepSchema = Type.Object(
  {
    capability: CapabilitySchema,
    agentVersion: Type.Optional(HashSchema),
    maxPrice: AmountSchema,
    deadlineSeconds: Type.Integer({
      minimum: 1,
      maximum: workflowLimits.deadlineSeconds,
      description: "from the moment the step is ordered to its result",
    }),
    input: TemplateSchema,
    after: Type.Optional(
      Type.Array(StepNameSchema, {
        maxItems: workflowLimits.steps,
        description: "steps that must be done first although nothing of theirs is used",
      }),
    ),
    optional: Type.Optional(Type.Boolean({ description: "the workflow goes on without it" })),
    fallback: Type.Optional(
      Type.Unsafe<Json>(
        Type.Unknown({ description: "what an optional step's output is when it fails; null when absent" }),
      ),
    ),
    retries: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: workflowLimits.retries,
        description: "how often it is ordered again when it fails",
      }),
    ),
    accept: Type.Optional(AcceptSchema),
  },
  strict,
);
export type WorkflowStep = Static<typeof WorkflowStepSchema>;

/** Tasks whose outputs feed inputs, under one budget. Without references it is a bundle of independent tasks. */
export const WorkflowSpecSchema = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 100 }),
    policy: Type.Unsafe<WorkflowPolicy>(
      Type.String({
        enum: [...workflowPolicies],
        description: "all-or-nothing: the first step that fails for good ends it; best-effort: independent steps go on",
      }),
    ),
    accept: Type.Optional(AcceptSchema),
    steps: Type.Record(Type.String({ pattern: STEP_NAME }), WorkflowStepSchema, {
      additionalProperties: false,
      minProperties: 1,
      maxProperties: workflowLimits.steps,
      description: "by name",
    }),
    output: Type.Optional(TemplateSchema),
  },
  { ...strict, title: "WorkflowSpec" },
);
export type WorkflowSpec = Static<typeof WorkflowSpecSchema>;

/** What a step's result is held to before it counts. */
export function acceptanceOf(spec: WorkflowSpec, step: WorkflowStep): StepAcceptance {
  return step.accept ?? spec.accept ?? "auto";
}
