import type { Json, StepState, WorkflowSpec, WorkflowStep } from "@stoa/protocol";
import fc from "fast-check";
import { expect, test } from "vitest";
import { afterFailure, planWorkflow, type StepProgress } from "./plan-workflow.ts";
import { requireGraph } from "./workflow-graph.ts";

const name = (i: number) => `s${String(i).padStart(2, "0")}`;

/** A random workflow: each step refers to some of those before it, or only comes after them. */
const workflow: fc.Arbitrary<WorkflowSpec> = fc
  .record({
    policy: fc.constantFrom("all-or-nothing" as const, "best-effort" as const),
    steps: fc.array(
      fc.record({
        maxPrice: fc.integer({ min: 1, max: 50 }),
        optional: fc.boolean(),
        retries: fc.integer({ min: 0, max: 3 }),
        edges: fc.array(fc.record({ to: fc.nat({ max: 63 }), uses: fc.boolean() }), { maxLength: 4 }),
      }),
      { minLength: 1, maxLength: 16 },
    ),
  })
  .map(({ policy, steps }) => ({
    name: "random",
    policy,
    steps: Object.fromEntries(
      steps.map(({ maxPrice, optional, retries, edges }, i) => {
        const before = edges.filter(() => i > 0).map(({ to, uses }) => ({ step: name(to % Math.max(1, i)), uses }));
        const input: Json = { parts: before.filter(({ uses }) => uses).map(({ step }) => ({ $from: `${step}/out` })) };
        const after = [...new Set(before.filter(({ uses }) => !uses).map(({ step }) => step))];
        const step: WorkflowStep = {
          capability: "test.step",
          maxPrice: String(maxPrice),
          deadlineSeconds: 60,
          input,
          after,
          retries,
          ...(optional ? { optional, fallback: { out: null } } : {}),
        };
        return [name(i), step];
      }),
    ),
  }));

/** What becomes of an order, one after another. */
const fate = fc.record({
  succeeds: fc.boolean(),
  share: fc.integer({ min: 0, max: 100 }),
  /** Which of the steps under way is decided next. */
  pick: fc.nat(),
});

interface Played {
  end: "completed" | "failed" | "cancelled";
  states: Map<string, StepState>;
  charged: bigint;
  refunded: bigint;
}

/** Plays a workflow to its end against a market with these fates, and holds every plan to the laws on the way. */
function play(
  spec: WorkflowSpec,
  budget: bigint,
  fates: readonly { succeeds: boolean; share: number; pick: number }[],
  cancelAfter: number,
): Played {
  const graph = requireGraph(spec);
  const steps = new Map<string, StepProgress>(graph.order.map((step) => [step, { state: "waiting", attempt: 0 }]));
  const ordered = new Set<string>();
  let left = budget;
  let charged = 0n;
  for (let turn = 0; turn < 1_000; turn += 1) {
    const plan = planWorkflow(spec, graph, { steps, isCancelled: turn >= cancelAfter, left });
    for (const { step, state } of plan.rulings) {
      expect(steps.get(step)?.state).toBe("waiting");
      steps.set(step, { state, attempt: steps.get(step)!.attempt });
    }
    if (plan.isEnding) expect(plan.start).toEqual([]);
    for (const { step, attempt } of plan.start) {
      expect(ordered.has(`${step} ${attempt}`), "no attempt is ordered twice").toBe(false);
      ordered.add(`${step} ${attempt}`);
      expect(steps.get(step)).toEqual({ state: "waiting", attempt: attempt - 1 });
      for (const need of graph.needs.get(step) ?? [])
        expect(["done", "substituted"], "all it waits for is there").toContain(steps.get(need)?.state);
      left -= BigInt(spec.steps[step]!.maxPrice);
      expect(left, "the budget is never exceeded").toBeGreaterThanOrEqual(0n);
      steps.set(step, { state: "running", attempt });
    }
    if (plan.end) {
      return {
        end: plan.end,
        states: new Map([...steps].map(([step, { state }]) => [step, state])),
        charged,
        refunded: left,
      };
    }
    const running = [...steps].filter(([, { state }]) => state === "running");
    expect(running.length, "a workflow that has not ended has something under way").toBeGreaterThan(0);
    const { succeeds, share, pick } = fates[turn % fates.length]!;
    const [step, { attempt }] = running[pick % running.length]!;
    const maxPrice = BigInt(spec.steps[step]!.maxPrice);
    const charge = succeeds ? (maxPrice * BigInt(share)) / 100n : 0n;
    charged += charge;
    left += maxPrice - charge;
    const mayRetry = !plan.isEnding;
    steps.set(step, { state: succeeds ? "done" : afterFailure(spec.steps[step]!, attempt, mayRetry), attempt });
  }
  throw new Error("the workflow does not end");
}

const fates = fc.array(fate, { minLength: 1, maxLength: 40 });
const RUNS = { numRuns: 2_000 };

test("every workflow ends, orders nothing twice or too early, and charges and refunds make up the budget", () => {
  fc.assert(
    fc.property(
      workflow,
      fc.bigInt({ min: 1n, max: 400n }),
      fates,
      fc.integer({ min: 0, max: 60 }),
      (spec, budget, market, cancelAfter) => {
        const { charged, refunded, states } = play(spec, budget, market, cancelAfter);
        expect(charged + refunded).toBe(budget);
        for (const state of states.values()) expect(["done", "failed", "skipped", "substituted"]).toContain(state);
      },
    ),
    RUNS,
  );
});

test("a workflow is completed exactly when every step it cannot go without is done", () => {
  fc.assert(
    fc.property(workflow, fates, (spec, market) => {
      const { end, states } = play(spec, 10_000n, market, Infinity);
      const isWhole = [...states].every(([step, state]) => state === "done" || spec.steps[step]?.optional);
      expect(end).toBe(isWhole ? "completed" : "failed");
    }),
    RUNS,
  );
});

test("all or nothing: after a step is lost nothing new begins; best effort: only what needs it is left out", () => {
  fc.assert(
    fc.property(workflow, fates, (spec, market) => {
      const { states } = play(spec, 10_000n, market, Infinity);
      const lost = [...states].filter(([, state]) => state === "failed").map(([step]) => step);
      const { needs } = requireGraph(spec);
      for (const [step, state] of states) {
        if (state !== "skipped") continue;
        expect(lost.length).toBeGreaterThan(0);
        if (spec.policy === "best-effort")
          expect(needs.get(step)?.some((need) => ["failed", "skipped"].includes(states.get(need)!))).toBe(true);
      }
    }),
    RUNS,
  );
});

test("a step that fails is ordered again as often as its retries say, and no more", () => {
  const step: WorkflowStep = { capability: "a.b", maxPrice: "1", deadlineSeconds: 1, input: {}, retries: 2 };
  expect([1, 2, 3].map((attempt) => afterFailure(step, attempt, true))).toEqual(["waiting", "waiting", "failed"]);
  expect(afterFailure(step, 1, false)).toBe("failed");
  expect(afterFailure({ ...step, optional: true }, 3, true)).toBe("substituted");
});

test("a step waits for the refunds of those under way, and fails when none are left to come", () => {
  const step = (maxPrice: string): WorkflowStep => ({ capability: "a.b", maxPrice, deadlineSeconds: 1, input: {} });
  const spec: WorkflowSpec = { name: "poor", policy: "best-effort", steps: { a: step("6"), b: step("6") } };
  const progress = (a: StepState, b: StepState, left: bigint) => ({
    steps: new Map([
      ["a", { state: a, attempt: 0 }],
      ["b", { state: b, attempt: 0 }],
    ]),
    isCancelled: false,
    left,
  });
  const graph = requireGraph(spec);
  expect(planWorkflow(spec, graph, progress("waiting", "waiting", 10n)).start).toEqual([{ step: "a", attempt: 1 }]);
  expect(planWorkflow(spec, graph, progress("running", "waiting", 4n))).toMatchObject({ start: [], end: null });
  expect(planWorkflow(spec, graph, progress("done", "waiting", 6n)).start).toEqual([{ step: "b", attempt: 1 }]);
  expect(planWorkflow(spec, graph, progress("done", "waiting", 5n))).toMatchObject({
    rulings: [{ step: "b", state: "failed", reason: "budget_exhausted" }],
    end: "failed",
  });
});
