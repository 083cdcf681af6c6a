import { type AgentSchema, type Json, type WorkflowSpec, type WorkflowStep } from "@stoa/protocol";
import { canReach } from "./can-reach.ts";
import { pointerSteps, valueAt } from "./json-pointer.ts";
import { INPUT_SOURCE, type PlacedReference, referencesOf } from "./template.ts";
import { workflowGraph } from "./workflow-graph.ts";

/** What makes a workflow impossible, and where its specification says it. */
export interface WorkflowProblem {
  /** A JSON Pointer into the specification. */
  place: string;
  problem: string;
}

export interface WorkflowSurroundings {
  input: Json;
  /** The most the whole may cost, in the token's smallest unit. */
  budget: bigint;
  /** The output schemas of the agents that may take a step. */
  outputsOf(step: WorkflowStep): readonly AgentSchema[];
}

/**
 * What is wrong with a workflow, before anything is paid for it: `[]` when every reference can be followed, no step waits
 * for itself, and the budget covers each step by itself.
 */
export function checkWorkflow(spec: WorkflowSpec, around: WorkflowSurroundings): WorkflowProblem[] {
  const steps = Object.entries(spec.steps);
  const problems = steps.flatMap(([name, step]) => stepProblems(spec, name, step, around));
  if (spec.output !== undefined) problems.push(...referenceProblems(spec, "/output", spec.output, around));
  const graph = workflowGraph(spec);
  if ("circle" in graph) {
    const [first = ""] = graph.circle;
    problems.push({ place: `/steps/${first}`, problem: `the steps wait in a circle: ${graph.circle.join(" → ")}` });
  }
  return problems;
}

function stepProblems(
  spec: WorkflowSpec,
  name: string,
  step: WorkflowStep,
  around: WorkflowSurroundings,
): WorkflowProblem[] {
  const place = `/steps/${name}`;
  const problems: WorkflowProblem[] = [];
  const maxPrice = BigInt(step.maxPrice);
  if (maxPrice <= 0n) problems.push({ place: `${place}/maxPrice`, problem: "must be above zero" });
  if (maxPrice > around.budget)
    problems.push({ place: `${place}/maxPrice`, problem: `${maxPrice} is over the whole budget ${around.budget}` });
  if (step.fallback !== undefined && !step.optional)
    problems.push({ place: `${place}/fallback`, problem: "only an optional step can be replaced by a fallback" });
  step.after?.forEach((before, i) => {
    if (!Object.hasOwn(spec.steps, before))
      problems.push({ place: `${place}/after/${i}`, problem: `there is no step ${before}` });
  });
  return [...problems, ...referenceProblems(spec, `${place}/input`, step.input, around)];
}

function referenceProblems(
  spec: WorkflowSpec,
  place: string,
  template: Json,
  around: WorkflowSurroundings,
): WorkflowProblem[] {
  return referencesOf(template).flatMap((placed) => {
    const problem = problemOf(spec, placed, around);
    return problem === null ? [] : [{ place: place + placed.at, problem }];
  });
}

function problemOf(
  spec: WorkflowSpec,
  { reference, text }: PlacedReference,
  { input, outputsOf }: WorkflowSurroundings,
): string | null {
  if (!reference)
    return `${text} is no reference: {"$from": "step/pointer"} stands alone, with a step's name or $input`;
  const { source, pointer } = reference;
  if (source === INPUT_SOURCE)
    return valueAt(input, pointer) === undefined ? `the workflow's input has nothing at ${pointer}` : null;
  const step = Object.hasOwn(spec.steps, source) ? spec.steps[source] : undefined;
  if (!step) return `there is no step ${source}`;
  if (step.optional && valueAt(step.fallback ?? null, pointer) === undefined)
    return `the fallback of the optional step ${source} has nothing at ${pointer}`;
  const schemas = outputsOf(step);
  const isReachable = schemas.length === 0 || schemas.some((schema) => canReach(schema, pointerSteps(pointer)));
  return isReachable ? null : `no agent for ${step.capability} has anything at ${pointer} of its output`;
}
