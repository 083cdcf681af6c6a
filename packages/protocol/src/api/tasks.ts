import Type, { type Static } from "typebox";
import {
  AddressSchema,
  AmountSchema,
  AnyJsonSchema,
  CapabilitySchema,
  HashSchema,
  SignatureSchema,
  TimeSchema,
} from "../schema-parts.ts";
import { TaskSpecSchema } from "../task-spec.ts";
import { type TaskState, taskStates } from "../task-state.ts";
import { AwardSchema, OrderSchema, ReceiptSchema } from "../wire-order.ts";
import { ExecutionStatsSchema } from "../execution.ts";
import { SessionGrantSchema } from "../wire/round-opening.ts";
import { UnservedSchema } from "../unserved.ts";
import { BudgetTaskSchema } from "./budget-task.ts";
import { ArchivedRangesSchema } from "./archived.ts";
import { Nullable, pageOf, pageQuery } from "./page.ts";
import { ProblemSchema } from "./problem.ts";

const strict = { additionalProperties: false } as const;
const TaskStateSchema = Type.Unsafe<TaskState>(Type.String({ enum: [...taskStates] }));

/** `POST /tasks`: a signed order, what it asks for, and the input. */
export const SubmitTaskSchema = Type.Object(
  {
    order: OrderSchema,
    signature: SignatureSchema,
    session: Type.Optional(SessionGrantSchema),
    spec: TaskSpecSchema,
    input: AnyJsonSchema,
  },
  { ...strict, title: "SubmitTask" },
);
export type SubmitTask = Static<typeof SubmitTaskSchema>;
export const SubmittedTaskSchema = Type.Object(
  { taskId: HashSchema, created: Type.Boolean({ description: "false when the same order was there already" }) },
  { title: "SubmittedTask" },
);
export type SubmittedTask = Static<typeof SubmittedTaskSchema>;

/** `POST /tasks/:id/accept`: the requester's signature of the Acceptance of the delivered result. */
export const AcceptTaskSchema = Type.Object({ signature: SignatureSchema }, { ...strict, title: "AcceptTask" });

/** Most items one batch request takes. */
export const MAX_BATCH_ITEMS = 500;

/** What came of one item of a batch: refused alone, it says why as a request of its own would. */
const refusedItem = Type.Object({ problem: ProblemSchema });

/** `POST /tasks/batch`: signed orders that stand and fall each by itself. */
export const SubmitTasksSchema = Type.Object(
  { tasks: Type.Array(SubmitTaskSchema, { minItems: 1, maxItems: MAX_BATCH_ITEMS }) },
  { ...strict, title: "SubmitTasks" },
);
export type SubmitTasks = Static<typeof SubmitTasksSchema>;
export const SubmittedTasksSchema = Type.Object(
  {
    results: Type.Array(Type.Union([SubmittedTaskSchema, refusedItem]), { description: "in the order of the request" }),
  },
  { title: "SubmittedTasks" },
);
export type SubmittedTasks = Static<typeof SubmittedTasksSchema>;

/** `POST /tasks/accept`: signed acceptances that stand and fall each by itself. */
export const AcceptTasksSchema = Type.Object(
  {
    acceptances: Type.Array(Type.Object({ taskId: HashSchema, signature: SignatureSchema }, strict), {
      minItems: 1,
      maxItems: MAX_BATCH_ITEMS,
    }),
  },
  { ...strict, title: "AcceptTasks" },
);
export type AcceptTasks = Static<typeof AcceptTasksSchema>;
export const AcceptedTasksSchema = Type.Object(
  {
    results: Type.Array(Type.Union([Type.Object({ taskId: HashSchema, charge: AmountSchema }), refusedItem]), {
      description: "in the order of the request",
    }),
  },
  { title: "AcceptedTasks" },
);
export type AcceptedTasks = Static<typeof AcceptedTasksSchema>;

/** `POST /tasks/:id/subtask-grant`: lets the key of the node that has the task order under it. */
export const GrantSubtasksSchema = Type.Object({ session: SessionGrantSchema }, { ...strict, title: "GrantSubtasks" });
export type GrantSubtasks = Static<typeof GrantSubtasksSchema>;

/** `GET /tasks/:id/subtasks`, for the requester: what a task ordered in its turn. */
export const SubtasksSchema = Type.Object(
  { taskId: HashSchema, budget: Nullable(AmountSchema), tasks: Type.Array(BudgetTaskSchema) },
  { title: "Subtasks" },
);
export type Subtasks = Static<typeof SubtasksSchema>;

/** `GET /tasks`. */
export const ListTasksQuerySchema = Type.Object(
  {
    mine: Type.Optional(Type.Boolean({ description: "only the caller's own" })),
    capability: Type.Optional(CapabilitySchema),
    state: Type.Optional(TaskStateSchema),
    ...pageQuery,
  },
  strict,
);
export type ListTasksQuery = Static<typeof ListTasksQuerySchema>;

const summaryFields = {
  id: HashSchema,
  requester: AddressSchema,
  capability: CapabilitySchema,
  agentVersion: Type.Optional(HashSchema),
  state: TaskStateSchema,
  maxPrice: AmountSchema,
  openedAt: TimeSchema,
  deliverBy: TimeSchema,
  updatedAt: TimeSchema,
};

/** A task as lists show it. */
export const TaskSummarySchema = Type.Object(summaryFields, { title: "TaskSummary" });
export type TaskSummary = Static<typeof TaskSummarySchema>;
export const TaskPageSchema = pageOf(TaskSummarySchema, "TaskPage");

const ExecutionViewSchema = Type.Object(
  {
    awardHash: HashSchema,
    node: AddressSchema,
    agentVersion: HashSchema,
    state: Type.Unsafe<"made" | "running" | "delivered" | "failed" | "faulted">(
      Type.String({ enum: ["made", "running", "delivered", "failed", "faulted"] }),
    ),
    startedAt: Nullable(TimeSchema),
    endedAt: Nullable(TimeSchema),
    stats: Nullable(ExecutionStatsSchema),
    failure: Nullable(
      Type.Object({
        reason: Type.String(),
        message: Type.Optional(Type.String({ description: "for the requester only" })),
      }),
    ),
  },
  { title: "Execution" },
);
export type ExecutionView = Static<typeof ExecutionViewSchema>;

const AwardViewSchema = Type.Object(
  {
    hash: HashSchema,
    roundId: HashSchema,
    node: AddressSchema,
    provider: AddressSchema,
    agentVersion: HashSchema,
    price: AmountSchema,
    royalty: AmountSchema,
    terms: AwardSchema,
    operatorSignature: SignatureSchema,
    madeAt: TimeSchema,
    startBy: TimeSchema,
  },
  { title: "AwardView" },
);

const OutcomeSchema = Type.Union(
  [
    Type.Object({
      kind: Type.Literal("settled"),
      charge: AmountSchema,
      payment: AmountSchema,
      royalty: AmountSchema,
      fee: AmountSchema,
      refund: AmountSchema,
    }),
    Type.Object({
      kind: Type.Literal("unpaid"),
      reason: Type.String(),
      message: Type.Optional(Type.String({ description: "for the requester only" })),
    }),
  ],
  { title: "TaskOutcome" },
);

/** `GET /tasks/:id`. Everyone sees these fields; a memo and failure messages only the requester. */
export const TaskSchema = Type.Object(
  {
    ...summaryFields,
    spec: TaskSpecSchema,
    order: OrderSchema,
    inputBytes: Type.Integer(),
    award: Type.Optional(AwardViewSchema),
    executions: Type.Array(ExecutionViewSchema),
    result: Type.Optional(Type.Object({ hash: HashSchema, deliveredAt: TimeSchema })),
    accepted: Type.Boolean(),
    outcome: Type.Optional(OutcomeSchema),
    unserved: Type.Optional(
      Type.Array(UnservedSchema, {
        description: "why nobody took it when it was last offered; counts are exact for the requester alone",
      }),
    ),
    attempts: Type.Integer({
      description: "attempts that failed since it was opened, or since its requester last had it tried again",
    }),
    notBefore: Type.Optional(
      Type.Unsafe<string>({ ...TimeSchema, description: "when the pause before its next attempt is over" }),
    ),
    settlement: Type.Optional(
      Type.Object({
        kind: Type.Unsafe<"settle" | "claim">(Type.String({ enum: ["settle", "claim"] })),
        state: Type.Unsafe<"pending" | "submitted" | "claimed" | "confirmed" | "skipped">(
          Type.String({ enum: ["pending", "submitted", "claimed", "confirmed", "skipped"] }),
        ),
        txHash: Nullable(HashSchema),
        reason: Nullable(Type.String()),
        payableAt: Nullable(TimeSchema),
      }),
    ),
  },
  { title: "Task" },
);
export type Task = Static<typeof TaskSchema>;

/** `GET /tasks/:id/input`, for the requester. */
export const TaskInputSchema = Type.Object(
  { taskId: HashSchema, hash: HashSchema, input: AnyJsonSchema },
  { title: "TaskInput" },
);
export type TaskInput = Static<typeof TaskInputSchema>;

/** `GET /tasks/:id/result`, for the requester: the output and what the node signed over its hash. */
export const TaskResultSchema = Type.Object(
  {
    taskId: HashSchema,
    hash: HashSchema,
    output: AnyJsonSchema,
    deliveredAt: TimeSchema,
    node: AddressSchema,
    receipt: ReceiptSchema,
    receiptSignature: SignatureSchema,
  },
  { title: "TaskResult" },
);
export type TaskResult = Static<typeof TaskResultSchema>;

/** `GET /tasks/:id/logs`, for the requester: what each execution wrote, oldest first. */
export const TaskLogsSchema = Type.Object(
  {
    taskId: HashSchema,
    executions: Type.Array(
      Type.Object({
        executionId: Type.String(),
        lines: Type.Array(Type.Object({ seq: Type.Integer(), at: TimeSchema, text: Type.String() })),
      }),
    ),
    archived: Type.Optional(ArchivedRangesSchema),
  },
  { title: "TaskLogs" },
);
export type TaskLogs = Static<typeof TaskLogsSchema>;
