import { earmarked, holdPosting, planWorkflow } from "@stoa/core";
import {
  canonicalJson,
  decodeTyped,
  type Hash,
  hashTyped,
  type Json,
  signTyped,
  StoaError,
  type TaskId,
} from "@stoa/protocol";
import { findWorkflow, insertBudgetTask } from "@stoa/store";
import type { MarketContext } from "../context.ts";
import type { Operation } from "../lane/operation.ts";
import { isWithdrawing } from "../money/is-withdrawing.ts";
import { checkInput } from "../tasks/check-input.ts";
import { checkOrder } from "../tasks/check-order.ts";
import { checkOrderSignature } from "../tasks/check-order-signature.ts";
import { checkRevocations, openIn, type SubmitTask } from "../tasks/submit-task.ts";
import { claimOf, keepWorkflow, type OpenWorkflow, openWorkflow, progressOf, stepOf, tell } from "./open-workflow.ts";
import { requireRunner } from "./require-runner.ts";
import { stepOrder } from "./step-order.ts";

export interface OrderStep {
  workflowId: Hash;
  step: string;
  /** Which attempt at the step this is, from 1. */
  attempt: number;
  /** The step's template, filled; its bytes are in the object store. */
  input: Json;
}

/**
 * Orders one step of a workflow with the runner's key, out of the workflow's budget. An attempt is ordered once, however
 * often and by however many servers it is asked for.
 * @returns the attempt's task
 * @throws {StoaError} `wrong_state` when the plan does not say so any more, and what is wrong with the order
 */
export async function orderStep(context: MarketContext, request: OrderStep): Promise<TaskId> {
  const { terms, reads } = context;
  const workflow = await findWorkflow(context.database, request.workflowId);
  if (!workflow) throw new StoaError("not_found", `there is no workflow ${request.workflowId}`);
  const { order, spec } = stepOrder(context, workflow, request, context.clock());
  const session = { key: decodeTyped("SessionKey", workflow.session.key), signature: workflow.session.signature };
  const signature = await signTyped(requireRunner(context), terms.domain, "Order", order);
  const inputBytes = Buffer.byteLength(canonicalJson(request.input));
  checkOrder(order, spec, terms, context.operator.address, context.clock());
  await checkOrderSignature(order, signature, session, terms);
  await checkRevocations(reads, order, session);
  await checkInput(reads, spec, request.input, inputBytes);
  const taskId = hashTyped(terms.domain, "Order", order) as TaskId;
  return context.lane.run(
    orderIn(taskId, request, { order, signature, session, spec, input: request.input, inputBytes }),
  );
}

function orderIn(
  taskId: TaskId,
  { workflowId, step: name, attempt }: OrderStep,
  submitted: SubmitTask,
): Operation<TaskId> {
  const { requester, maxPrice, nonce } = submitted.order;
  const account = earmarked(requester, workflowId);
  let workflow: OpenWorkflow;
  let owes = false;
  return {
    name: "order-step",
    tasks: [taskId],
    nonce: { requester, nonce: nonce.toString() },
    owns: [claimOf(workflowId)],
    uses: ["vault"],
    async load(tx) {
      workflow = await openWorkflow(tx, workflowId);
      owes = await isWithdrawing(tx, requester);
    },
    accounts: () => [account],
    decide(set) {
      const step = stepOf(workflow, name);
      if (step.attempt >= attempt && step.taskId !== null) return step.taskId;
      const plan = planWorkflow(workflow.record.spec, workflow.graph, progressOf(workflow, set.book.balance(account)));
      const isPlanned = plan.start.some((next) => next.step === name && next.attempt === attempt);
      if (!isPlanned || workflow.record.state !== "running")
        throw new StoaError("wrong_state", `the step ${name} is ${step.state}, its attempt ${attempt} is not due`);
      const other = set.taskOfNonce(requester, nonce.toString());
      if (other) throw new StoaError("nonce_used", `the step's order number opened the task ${other}`);
      if (owes)
        throw new StoaError(
          "insufficient_funds",
          "the requester withdraws on chain what the budget was set aside from",
        );
      openIn(set, taskId, submitted, holdPosting(taskId, requester, maxPrice, account));
      set.defer((tx) => insertBudgetTask(tx, { taskId, budgetOf: workflowId, step: name, attempt }));
      Object.assign(step, { state: "running", attempt, taskId, failure: null });
      keepWorkflow(set, workflow, [step]);
      const data = { step: name, attempt, taskId, maxPrice: maxPrice.toString() };
      tell(set, workflow, { type: "workflow.step_ordered", data });
      return taskId;
    },
  };
}
