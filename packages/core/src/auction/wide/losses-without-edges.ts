import { type Assignment, slackOf } from "./assignment.ts";
import { MinHeap } from "./min-heap.ts";

/**
 * W(N) − W(without the edge), for each task a node has in an optimal matching.
 *
 * Taking a matched edge away leaves its task without node and its node with a free slot; the cheapest
 * repair is the shortest path from the one to the other in the residual network, and its reduced length
 * is the loss. One search backwards from the node finds the paths of all its tasks: they end there, so
 * none of them uses another edge of the node's matching. "Ground" is the vertex every unserved task and
 * every free slot is joined to.
 */
export function lossesWithoutEdges(assignment: Assignment, target: number): Map<number, bigint> {
  const { problem, edgeOf, tasksOf, taskDuals, nodeDuals } = assignment;
  const nodeCount = problem.slots.length;
  const ground = nodeCount + problem.taskCount;
  const distances = new Map<number, bigint>();
  const settled = new Set<number>();
  const heap = new MinHeap();
  const losses = new Map<number, bigint>();

  function reach(vertex: number, distance: bigint): void {
    const known = distances.get(vertex);
    if (known !== undefined && known <= distance) return;
    distances.set(vertex, distance);
    heap.push(distance, vertex);
  }

  function expandNode(node: number, distance: bigint): void {
    for (const edge of assignment.edgesOfNode[node]!) {
      const { task } = problem.edges[edge]!;
      if (edgeOf[task] !== edge) reach(nodeCount + task, distance + slackOf(assignment, edge));
    }
    if (tasksOf[node]!.size > 0) reach(ground, distance + nodeDuals[node]!);
  }

  function expandTask(task: number, distance: bigint): void {
    const edge = edgeOf[task]!;
    if (edge < 0) return reach(ground, distance);
    const { node } = problem.edges[edge]!;
    if (node === target) losses.set(task, distance);
    else reach(node, distance);
  }

  function expandGround(distance: bigint): void {
    for (let task = 0; task < problem.taskCount; task++) {
      if (edgeOf[task]! >= 0) reach(nodeCount + task, distance + taskDuals[task]!);
    }
    for (let node = 0; node < nodeCount; node++) {
      if (tasksOf[node]!.size < problem.slots[node]!) reach(node, distance);
    }
  }

  reach(target, 0n);
  for (let next = heap.pop(); next && losses.size < tasksOf[target]!.size; next = heap.pop()) {
    const { vertex, distance } = next;
    if (settled.has(vertex)) continue;
    settled.add(vertex);
    if (vertex === ground) expandGround(distance);
    else if (vertex >= nodeCount) expandTask(vertex - nodeCount, distance);
    else expandNode(vertex, distance);
  }
  return losses;
}
