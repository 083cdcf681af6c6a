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

/** What an optimum is worth less without one of its parts. */
export interface Losses {
  /** W(N) − W(N∖node) by node; 0 for a node without tasks. */
  withoutNode: bigint[];
  /** W(N) − W(without the task's edge) by task; 0 for an unmatched one. */
  withoutEdge: bigint[];
}

export interface Optimum extends AssignmentSolution {
  /** Removes every node and every matched edge in turn, without solving anew. */
  losses(): Losses;
}
