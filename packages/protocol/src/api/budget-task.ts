import Type, { type Static } from "typebox";
import { AddressSchema, AmountSchema, CapabilitySchema, HashSchema, TimeSchema } from "../schema-parts.ts";
import { type TaskState, taskStates } from "../task-state.ts";
import { Nullable } from "./page.ts";

const TaskStateSchema = Type.Unsafe<TaskState>(Type.String({ enum: [...taskStates] }));

/** A task that was ordered under a budget. */
export const BudgetTaskSchema = Type.Object(
  {
    taskId: HashSchema,
    attempt: Nullable(Type.Integer()),
    capability: CapabilitySchema,
    state: TaskStateSchema,
    maxPrice: AmountSchema,
    node: Nullable(AddressSchema),
    price: Nullable(AmountSchema),
    charge: Nullable(AmountSchema),
    openedAt: TimeSchema,
  },
  { title: "BudgetTask" },
);
export type BudgetTask = Static<typeof BudgetTaskSchema>;
