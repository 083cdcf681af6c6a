/** Tasks to be matched with nodes: each task at most once, each node at most its slots. */
export interface AssignmentProblem {
  taskCount: number;
  slots: readonly number[];
  edges: readonly { task: number; node: number; weight: bigint }[];
}

/** An optimal matching, with the duals that prove it. */
export interface AssignmentSolution {
  /** Edge of each task, or -1. */
  assigned: number[];
  total: bigint;
  /** u by task and v by node: never negative, u + v ≥ w on every edge, u > 0 only where matched, v > 0 only for a full node. */
  taskDuals: bigint[];
  nodeDuals: bigint[];
}

/** An optimum that says what it is worth less without one of its parts, each removed in turn without solving anew. */
export interface Optimum extends AssignmentSolution {
  /** W(N) − W(N∖node) by node, the node removed with all its slots; 0 for a node without tasks. */
  lossesWithoutNodes(): bigint[];
  /** W(N) − W(without the task's edge) by task; 0 for an unmatched one. */
  lossesWithoutEdges(): bigint[];
}
