import type { AssignmentProblem, Optimum } from "./assignment-problem.ts";
import { MAX_KERNEL_WEIGHT, solveInKernel, takeUpInKernel } from "./kernel/solve.ts";
import { solveWide, takeUpWide } from "./wide/solve.ts";

// Two solvers, one law. The kernel computes in doubles, exact as long as no weight is over 2^50, which is 17,000
// tokens of six decimals for one task; amounts may be a million times that, and then the plain bigint Hungarian
// method gives the same results, slower. One text for both number types would make every operation of the kernel
// megamorphic as soon as a process clears one market of each kind, and costs it its speed.
function fitsKernel({ edges }: AssignmentProblem): boolean {
  return edges.every(({ weight }) => weight <= MAX_KERNEL_WEIGHT);
}

/**
 * Finds a matching of the greatest total weight, exactly: tasks at most once, nodes at most their slots.
 * Weights are integers of any size and must not be negative; at most one edge for a task and node. With equal
 * optima the result depends on the order of tasks, nodes and edges, and on the prices it starts from.
 *
 * The kernel bids prices up roughly (Bertsekas 1988) and repairs them exactly by shortest paths (Jonker and
 * Volgenant 1987); what nodes and edges are worth to the optimum follows from its residual network (Leonard 1983;
 * Demange, Gale and Sotomayor 1986; Bikhchandani et al. 2001; Hershberger and Suri 2001).
 * @param start prices by node to begin with, such as an earlier optimum's `nodeDuals`; any will do
 * @example
 * solveAssignment({ taskCount: 1, slots: [1], edges: [{ task: 0, node: 0, weight: 5n }] }).assigned // [0]
 */
export function solveAssignment(problem: AssignmentProblem, start?: readonly bigint[]): Optimum {
  return fitsKernel(problem) ? solveInKernel(problem, start) : solveWide(problem);
}

/**
 * Takes up an optimum found before, to take losses from it without solving.
 * @param assigned edge of each task, or -1; with `nodeDuals` it must be proved optimal already
 */
export function takeUpOptimum(
  problem: AssignmentProblem,
  assigned: readonly number[],
  nodeDuals: readonly bigint[],
): Optimum {
  return fitsKernel(problem) ? takeUpInKernel(problem, assigned, nodeDuals) : takeUpWide(problem, assigned, nodeDuals);
}
