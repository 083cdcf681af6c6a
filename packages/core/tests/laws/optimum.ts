import assert from "node:assert/strict";
import { highsOptimum } from "@stoa/testkit/highs";
import fc from "fast-check";
import type { AssignmentProblem, Optimum } from "../../src/index.ts";
import { solveInKernel, takeUpInKernel } from "../../src/auction/kernel/solve.ts";
import { solveWide } from "../../src/auction/wide/solve.ts";
import { law } from "./law.ts";

/** Random problems of up to 24 tasks; weights by their number of distinct values, so that some are all ties. */
function problemOf(weightOf: (value: number, edge: number) => bigint): fc.Arbitrary<AssignmentProblem> {
  return fc
    .record({
      taskCount: fc.integer({ min: 1, max: 24 }),
      slots: fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 10 }),
      span: fc.constantFrom(2, 20, 1_000),
    })
    .chain(({ taskCount, slots, span }) =>
      fc
        .array(fc.option(fc.integer({ min: 0, max: span }), { freq: 2 }), {
          minLength: taskCount * slots.length,
          maxLength: taskCount * slots.length,
        })
        .map((values) => ({
          taskCount,
          slots,
          edges: values.flatMap((value, at) =>
            value === null
              ? []
              : [{ task: Math.floor(at / slots.length), node: at % slots.length, weight: weightOf(value, at) }],
          ),
        })),
    );
}

const smallWeights = problemOf((value) => BigInt(value));

/** A power of two per edge below the value's unit: no two sets of edges are worth the same. */
const distinctWeights = problemOf((value, edge) => (BigInt(value) << 260n) + (1n << BigInt(edge)));

const scattered = (edge: number) => BigInt(((edge + 1) * 40_503) % 65_536);

/** Distinct in practice, as in a round: sixteen scattered bits below the value's unit. */
const roundWeights = problemOf((value, edge) => BigInt(value + 1) * 65_536n - scattered(edge));

/** The largest weights that the kernel takes: 1001 · 2^40 is just under 2^50. */
const largestWeights = problemOf((value, edge) => (BigInt(value + 1) << 40n) - scattered(edge));

/** Throws unless the duals prove that no allocation is worth more than the one found. */
function checkCertificate({ slots, edges }: AssignmentProblem, { assigned, total, taskDuals, nodeDuals }: Optimum) {
  const load = slots.map(() => 0);
  let sum = 0n;
  assigned.forEach((edge, task) => {
    if (edge < 0) return assert.equal(taskDuals[task], 0n);
    assert.equal(edges[edge]!.task, task);
    load[edges[edge]!.node]!++;
    sum += edges[edge]!.weight;
  });
  assert.equal(sum, total);
  edges.forEach(({ task, node, weight }, edge) => {
    const slack = taskDuals[task]! + nodeDuals[node]! - weight;
    assert.ok(assigned[task] === edge ? slack === 0n : slack >= 0n, `slack ${slack} of edge ${edge}`);
  });
  slots.forEach((count, node) => {
    assert.ok(load[node]! <= count, `node ${node} has ${load[node]} tasks`);
    assert.ok(nodeDuals[node]! === 0n || load[node] === count, `node ${node} has a price and a free slot`);
  });
  assert.ok([...taskDuals, ...nodeDuals].every((dual) => dual >= 0n));
}

/** Equal optima may differ in their edges where scattered bits add up to the same; W(N∖j) is one for all of them. */
function checkSameLosses(one: Optimum, other: Optimum): void {
  assert.deepEqual(one.lossesWithoutNodes(), other.lossesWithoutNodes());
  if (one.assigned.join() !== other.assigned.join()) return;
  assert.deepEqual(one.lossesWithoutEdges(), other.lossesWithoutEdges());
}

export const optimumLaws = [
  law(
    "the optimum is worth what HiGHS finds for the same market, and its duals prove it",
    400,
    smallWeights,
    async (problem) => {
      const optimum = solveInKernel(problem);
      checkCertificate(problem, optimum);
      const judged = problem.edges.length === 0 ? { total: 0 } : await highsOptimum(problem);
      assert.equal(Number(optimum.total), Math.round(judged!.total));
    },
  ),

  law(
    "what nodes and edges are worth to the optimum is what solving again without them says",
    150,
    smallWeights,
    (problem) => {
      const optimum = solveInKernel(problem);
      const withoutNode = optimum.lossesWithoutNodes();
      const withoutEdge = optimum.lossesWithoutEdges();
      const lossWithout = (keep: (edge: number) => boolean) =>
        optimum.total - solveWide({ ...problem, edges: problem.edges.filter((_, edge) => keep(edge)) }).total;
      problem.slots.forEach((_, node) => {
        assert.equal(
          withoutNode[node],
          lossWithout((edge) => problem.edges[edge]!.node !== node),
        );
      });
      optimum.assigned.forEach((won, task) => {
        assert.equal(withoutEdge[task], won < 0 ? 0n : lossWithout((edge) => edge !== won));
      });
    },
  ),

  law(
    "the kernel finds in doubles what the plain method finds in bigint",
    150,
    fc.oneof(roundWeights, largestWeights),
    (problem) => {
      const kernel = solveInKernel(problem);
      const wide = solveWide(problem);
      checkCertificate(problem, kernel);
      assert.equal(kernel.total, wide.total);
      checkSameLosses(kernel, wide);
    },
  ),

  law("amounts over what doubles hold are solved as exactly", 100, distinctWeights, (problem) => {
    const optimum = solveWide(problem);
    checkCertificate(problem, optimum);
  }),

  law(
    "the outcome is the same from whatever prices the solver starts",
    200,
    roundWeights.chain((problem) =>
      fc.record({
        problem: fc.constant(problem),
        start: fc.array(fc.bigInt({ min: -1n, max: 2n ** 27n }), { maxLength: problem.slots.length }),
      }),
    ),
    ({ problem, start }) => {
      const cold = solveInKernel(problem);
      const warm = solveInKernel(problem, start);
      checkCertificate(problem, warm);
      assert.equal(warm.total, cold.total);
      checkSameLosses(warm, cold);
      checkSameLosses(takeUpInKernel(problem, warm.assigned, warm.nodeDuals), warm);
    },
  ),
];
