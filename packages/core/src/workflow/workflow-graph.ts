import type { WorkflowSpec } from "@stoa/protocol";
import { INPUT_SOURCE, referencesOf } from "./template.ts";

/** Which steps wait for which. */
export interface WorkflowGraph {
  /** Every step, each behind those it waits for; steps of one level by name. */
  order: readonly string[];
  needs: ReadonlyMap<string, readonly string[]>;
  /** How many steps stand before a step on its longest way. */
  levels: ReadonlyMap<string, number>;
}

/** What each step waits for: whatever it refers to, and whatever it says it comes after. Names nobody has are left out. */
function needsOf(spec: WorkflowSpec): Map<string, string[]> {
  const known = new Set(Object.keys(spec.steps));
  return new Map(
    Object.entries(spec.steps).map(([name, { input, after = [] }]) => {
      const sources = referencesOf(input).flatMap(({ reference }) => reference?.source ?? []);
      const needs = new Set([...sources, ...after].filter((source) => source !== INPUT_SOURCE && known.has(source)));
      return [name, [...needs].sort()];
    }),
  );
}

/**
 * Derives the order of a workflow's steps.
 * @returns the steps of a circle instead, each waiting for the one behind it, when there is one
 */
export function workflowGraph(spec: WorkflowSpec): WorkflowGraph | { circle: string[] } {
  const needs = needsOf(spec);
  const levels = new Map<string, number>();
  const way: string[] = [];
  const visit = (step: string): string[] | null => {
    if (levels.has(step)) return null;
    const at = way.indexOf(step);
    if (at >= 0) return [...way.slice(at), step];
    way.push(step);
    for (const need of needs.get(step) ?? []) {
      const circle = visit(need);
      if (circle) return circle;
    }
    way.pop();
    levels.set(step, Math.max(0, ...(needs.get(step) ?? []).map((need) => (levels.get(need) ?? 0) + 1)));
    return null;
  };
  for (const step of [...needs.keys()].sort()) {
    const circle = visit(step);
    if (circle) return { circle };
  }
  const order = [...levels].sort(([a, i], [b, j]) => i - j || (a < b ? -1 : 1)).map(([step]) => step);
  return { order, needs, levels };
}

/**
 * The order of steps of a workflow that was checked.
 * @throws {TypeError} when it has a circle: whoever takes a workflow in checks it first
 */
export function requireGraph(spec: WorkflowSpec): WorkflowGraph {
  const graph = workflowGraph(spec);
  if ("circle" in graph) throw new TypeError(`the workflow runs in a circle: ${graph.circle.join(" → ")}`);
  return graph;
}

/** The longest a workflow can take from its first order to its last result, in seconds, every retry included. */
export function longestSeconds(spec: WorkflowSpec, { order, needs }: WorkflowGraph): number {
  const ends = new Map<string, number>();
  for (const step of order) {
    const { deadlineSeconds, retries = 0 } = spec.steps[step]!;
    const starts = Math.max(0, ...(needs.get(step) ?? []).map((need) => ends.get(need) ?? 0));
    ends.set(step, starts + deadlineSeconds * (retries + 1));
  }
  return Math.max(0, ...ends.values());
}
