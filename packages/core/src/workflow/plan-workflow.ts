import type { StepState, WorkflowSpec, WorkflowStep } from "@stoa/protocol";
import type { WorkflowGraph } from "./workflow-graph.ts";

/*
 *   waiting ──ordered──▶ running ──▶ delivered ──▶ done
 *    ▲ │                    │            │
 *    │ │                    ├────────────┘ failed, and tried again: back to waiting
 *    └─┼────────────────────┤
 *      │                    ├─▶ failed
 *      ├─ never ordered ─▶ skipped
 *      └────────────────────┴─▶ substituted: optional, counts with its fallback
 *
 *   A workflow:  running ──the last step is over──▶ completed | failed
 *                   └──failed for good, or cancelled──▶ ending ──the last step is over──▶ failed | cancelled
 */

export interface StepProgress {
  state: StepState;
  /** How often it was ordered. */
  attempt: number;
}

/** How far a workflow is. */
export interface WorkflowProgress {
  steps: ReadonlyMap<string, StepProgress>;
  /** Whether its requester gave it up. */
  isCancelled: boolean;
  /** What its budget has left that no order holds. */
  left: bigint;
}

/** How a step ends without being ordered. */
export interface StepRuling {
  step: string;
  state: "failed" | "substituted" | "skipped";
  reason: "budget_exhausted" | "needed_step_failed" | "workflow_ended";
}

export interface WorkflowPlan {
  /** Steps to order now, with the number of the attempt. */
  start: { step: string; attempt: number }[];
  rulings: StepRuling[];
  /** Steps whose tasks are to be taken back while no node has them. */
  cancel: string[];
  /** Whether nothing new is begun any more. */
  isEnding: boolean;
  /** How it ends, once nothing is under way. */
  end: "completed" | "failed" | "cancelled" | null;
}

/**
 * What to do next for a workflow. Steps start as soon as all they wait for is there and the budget has their maximum
 * price left; one that finds too little waits for refunds of those under way.
 */
export function planWorkflow(spec: WorkflowSpec, graph: WorkflowGraph, progress: WorkflowProgress): WorkflowPlan {
  const states = new Map([...progress.steps].map(([step, { state }]) => [step, state]));
  const rulings: StepRuling[] = [];
  const rule = (ruling: StepRuling) => {
    rulings.push(ruling);
    states.set(ruling.step, ruling.state);
  };
  for (;;) {
    const isEnding = progress.isCancelled || (spec.policy === "all-or-nothing" && hasFailed(spec, states));
    skipBlocked(spec, graph, states, isEnding, rule);
    if (spec.policy === "all-or-nothing" && !isEnding && hasFailed(spec, states)) continue;
    const under = graph.order.filter((step) => isUnderWay(states.get(step)));
    const { start, poor } = affordable(spec, graph, states, progress.left);
    if (start.length === 0 && under.length === 0 && poor !== null) {
      const state = spec.steps[poor]?.optional ? "substituted" : "failed";
      rule({ step: poor, state, reason: "budget_exhausted" });
      continue;
    }
    return {
      start: start.map((step) => ({ step, attempt: (progress.steps.get(step)?.attempt ?? 0) + 1 })),
      rulings,
      cancel: isEnding ? under.filter((step) => states.get(step) === "running") : [],
      isEnding,
      end: start.length + under.length > 0 ? null : endOf(spec, states, progress.isCancelled),
    };
  }
}

/**
 * Where a step goes when an attempt at it came to nothing.
 * @param attempt the one that failed, from 1
 * @param mayRetry false when another try makes no sense: its requester took the task back, or the workflow ends
 */
export function afterFailure(
  { optional, retries = 0 }: WorkflowStep,
  attempt: number,
  mayRetry: boolean,
): "waiting" | "substituted" | "failed" {
  if (mayRetry && attempt <= retries) return "waiting";
  return optional ? "substituted" : "failed";
}

type States = Map<string, StepState>;

function isUnderWay(state: StepState | undefined): boolean {
  return state === "running" || state === "delivered";
}

function isThere(state: StepState | undefined): boolean {
  return state === "done" || state === "substituted";
}

/** Whether a step that the workflow cannot go without is lost. */
function hasFailed(spec: WorkflowSpec, states: States): boolean {
  return [...states].some(
    ([step, state]) => !spec.steps[step]?.optional && (state === "failed" || state === "skipped"),
  );
}

function skipBlocked(
  spec: WorkflowSpec,
  { order, needs }: WorkflowGraph,
  states: States,
  isEnding: boolean,
  rule: (ruling: StepRuling) => void,
): void {
  for (const step of order) {
    if (states.get(step) !== "waiting") continue;
    if (isEnding) rule({ step, state: "skipped", reason: "workflow_ended" });
    else if (needs.get(step)?.some((need) => states.get(need) === "failed" || states.get(need) === "skipped")) {
      rule({ step, state: spec.steps[step]?.optional ? "substituted" : "skipped", reason: "needed_step_failed" });
    }
  }
}

/** The steps that are ready and fit into what is left, and the first that is ready and does not. */
function affordable(
  spec: WorkflowSpec,
  { order, needs }: WorkflowGraph,
  states: States,
  budget: bigint,
): { start: string[]; poor: string | null } {
  const start: string[] = [];
  let left = budget;
  let poor: string | null = null;
  for (const step of order) {
    const isReady = states.get(step) === "waiting" && needs.get(step)?.every((need) => isThere(states.get(need)));
    if (!isReady) continue;
    const maxPrice = BigInt(spec.steps[step]?.maxPrice ?? 0);
    if (maxPrice > left) {
      poor ??= step;
      continue;
    }
    start.push(step);
    left -= maxPrice;
  }
  return { start, poor };
}

function endOf(spec: WorkflowSpec, states: States, isCancelled: boolean): "completed" | "failed" | "cancelled" {
  const isWhole = [...states].every(([step, state]) => state === "done" || spec.steps[step]?.optional === true);
  if (isWhole && !(isCancelled && [...states.values()].includes("skipped"))) return "completed";
  return isCancelled ? "cancelled" : "failed";
}
