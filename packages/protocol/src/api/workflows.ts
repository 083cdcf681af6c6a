import Type, { type Static } from "typebox";
import {
  AddressSchema,
  AmountSchema,
  AnyJsonSchema,
  CapabilitySchema,
  HashSchema,
  TimeSchema,
} from "../schema-parts.ts";
import { SessionGrantSchema } from "../wire/round-opening.ts";
import { WorkflowSpecSchema } from "../workflow/workflow-spec.ts";
import { type StepState, stepStates, type WorkflowState, workflowStates } from "../workflow/workflow-state.ts";
import { BudgetTaskSchema } from "./budget-task.ts";
import { Nullable, pageOf, pageQuery } from "./page.ts";

const strict = { additionalProperties: false } as const;
const WorkflowStateSchema = Type.Unsafe<WorkflowState>(Type.String({ enum: [...workflowStates] }));
const StepStateSchema = Type.Unsafe<StepState>(Type.String({ enum: [...stepStates] }));

/** `POST /workflows`: the specification, its input, and the wallet's grant to the market's runner. */
export const SubmitWorkflowSchema = Type.Object(
  {
    spec: WorkflowSpecSchema,
    input: AnyJsonSchema,
    salt: HashSchema,
    session: SessionGrantSchema,
  },
  { ...strict, title: "SubmitWorkflow" },
);
export type SubmitWorkflow = Static<typeof SubmitWorkflowSchema>;
export const SubmittedWorkflowSchema = Type.Object(
  { workflowId: HashSchema, created: Type.Boolean({ description: "false when the same grant had opened it before" }) },
  { title: "SubmittedWorkflow" },
);
export type SubmittedWorkflow = Static<typeof SubmittedWorkflowSchema>;

/** `GET /workflows`: the caller's own. */
export const ListWorkflowsQuerySchema = Type.Object(
  { state: Type.Optional(WorkflowStateSchema), ...pageQuery },
  strict,
);
export type ListWorkflowsQuery = Static<typeof ListWorkflowsQuerySchema>;

const summaryFields = {
  id: HashSchema,
  requester: AddressSchema,
  name: Type.String(),
  state: WorkflowStateSchema,
  budget: AmountSchema,
  openedAt: TimeSchema,
  updatedAt: TimeSchema,
};

/** A workflow as lists show it. */
export const WorkflowSummarySchema = Type.Object(
  {
    ...summaryFields,
    steps: Type.Object({ all: Type.Integer(), done: Type.Integer() }, { description: "how many" }),
  },
  { title: "WorkflowSummary" },
);
export type WorkflowSummary = Static<typeof WorkflowSummarySchema>;
export const WorkflowPageSchema = pageOf(WorkflowSummarySchema, "WorkflowPage");

const FailureSchema = Nullable(Type.Object({ reason: Type.String(), message: Type.String() }));

export const WorkflowStepViewSchema = Type.Object(
  {
    name: Type.String(),
    capability: CapabilitySchema,
    state: StepStateSchema,
    needs: Type.Array(Type.String(), { description: "the steps it waits for" }),
    level: Type.Integer({ description: "how many steps stand before it on its longest way" }),
    optional: Type.Boolean(),
    maxPrice: AmountSchema,
    failure: FailureSchema,
    tasks: Type.Array(BudgetTaskSchema, { description: "one for each attempt" }),
  },
  { title: "WorkflowStepView" },
);
export type WorkflowStepView = Static<typeof WorkflowStepViewSchema>;

/** `GET /workflows/:id`, for its requester. Steps stand behind those they wait for. */
export const WorkflowSchema = Type.Object(
  {
    ...summaryFields,
    spec: WorkflowSpecSchema,
    inputHash: HashSchema,
    salt: HashSchema,
    session: SessionGrantSchema,
    charged: AmountSchema,
    held: AmountSchema,
    left: Type.String({ description: "what no order holds and nobody was paid; freed once the workflow has ended" }),
    failure: Nullable(Type.Object({ step: Type.String(), reason: Type.String(), message: Type.String() })),
    endedAt: Nullable(TimeSchema),
    steps: Type.Array(WorkflowStepViewSchema),
  },
  { title: "Workflow" },
);
export type Workflow = Static<typeof WorkflowSchema>;

/** `GET /workflows/:id/result`: the specification's output, or those of the steps that nothing else takes from. */
export const WorkflowResultSchema = Type.Object(
  { workflowId: HashSchema, output: AnyJsonSchema },
  { title: "WorkflowResult" },
);
export type WorkflowResult = Static<typeof WorkflowResultSchema>;
