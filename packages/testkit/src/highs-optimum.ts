import type { AssignmentProblem } from "@stoa/core";
import * as highsPackage from "highs";

export interface HighsOptimum {
  /** The greatest total weight, to the doubles HiGHS computes in. */
  total: number;
  /** Milliseconds of processor time of HiGHS's own run; building the model is not in it. */
  cpuMs: number;
}

// The package's types are those of its CommonJS build, where the function is one level deeper.
const loadHighs = highsPackage.default as unknown as typeof highsPackage.default.default;

let loading: ReturnType<typeof loadHighs> | undefined;

/** A problem as the linear program whose corners are its allocations: the matrix is totally unimodular. */
function linearProgram({ taskCount, slots, edges }: AssignmentProblem): highsPackage.ModelData {
  const columns = edges.length;
  const rows = taskCount + slots.length;
  return {
    numCols: columns,
    numRows: rows,
    colCost: Float64Array.from(edges, ({ weight }) => Number(weight)),
    colLower: new Float64Array(columns),
    colUpper: new Float64Array(columns).fill(1),
    rowLower: new Float64Array(rows).fill(-Infinity),
    rowUpper: Float64Array.from({ length: rows }, (_, row) => (row < taskCount ? 1 : slots[row - taskCount]!)),
    matrix: {
      format: "csc",
      numRows: rows,
      numCols: columns,
      starts: Int32Array.from({ length: columns + 1 }, (_, column) => 2 * column),
      indices: Int32Array.from(edges.flatMap(({ task, node }) => [task, taskCount + node])),
      values: new Float64Array(2 * columns).fill(1),
    },
  };
}

/**
 * Solves an assignment problem with HiGHS (a general solver of linear programs, as WASM), as a judge of ours.
 * @returns null when it is not done within the limit
 */
export async function highsOptimum(problem: AssignmentProblem, limitSeconds = 60): Promise<HighsOptimum | null> {
  loading ??= loadHighs();
  const highs = await loading;
  return highs.withModel({ ...linearProgram(problem), sense: highs.constants.objectiveSense.maximize }, (model) => {
    model.options.set({ output_flag: false, time_limit: limitSeconds });
    const start = process.cpuUsage();
    model.run();
    const { user, system } = process.cpuUsage(start);
    if (model.getModelStatus() !== highs.constants.modelStatus.optimal) return null;
    return { total: model.getObjectiveValue(), cpuMs: (user + system) / 1_000 };
  });
}
