import type { WaysOut } from "./highest-prices.ts";
import type { Matching } from "./matching.ts";
import { beginRemovals, move, raise, type Removal, undo } from "./removal.ts";
import type { Arcs } from "./residual-arcs.ts";

/** A search for the cheapest way to do without one more slot of a node. */
interface WayOut {
  /** Length of the shortest way found, and its end: a node with a free slot, or a task left unserved. */
  length: number;
  freeNode: number;
  leftTask: number;
}

/** The tasks at a node that leaving unserved would cost less than any way found so far. */
function considerLeaving(removal: Removal, way: WayOut, node: number, far: number): void {
  const { matching, edgeNow, nodeNow } = removal;
  const { graph, slotStart, slotTask, load, prices } = matching;
  const first = slotStart[node]!;
  for (let slot = first, end = first + load[node]!; slot < end; slot++) {
    const task = slotTask[slot]!;
    const length = far + graph.weight[edgeNow[task]!]! - prices[node]!;
    if (nodeNow[task] !== node || length >= way.length) continue;
    way.length = length;
    way.leftTask = task;
    way.freeNode = -1;
  }
}

function reach(removal: Removal, way: WayOut, edge: number, node: number, far: number): void {
  const { matching, loadNow } = removal;
  const { graph, search } = matching;
  if (search.mark[node] === search.round && search.distance[node]! <= far) return;
  search.mark[node] = search.round;
  search.distance[node] = far;
  search.via[node] = edge;
  if (loadNow[node]! < graph.slots[node]!) {
    way.length = far;
    way.freeNode = node;
    way.leftTask = -1;
  } else search.heap.push(far, node);
}

/** Looks along the arcs of the tasks a node has in the optimum and still has. */
function scanHome(removal: Removal, way: WayOut, node: number, far: number): void {
  const { out, nodeNow, raised } = removal;
  for (let at = out.start[node]!, end = out.start[node + 1]!; at < end; at++) {
    const least = far + out.cost[at]!;
    if (least >= way.length) return;
    const to = out.node[at]!;
    const next = least + raised[to]!;
    if (next < way.length && nodeNow[out.task[at]!] === node) reach(removal, way, out.edge[at]!, to, next);
  }
}

/** Looks along the edges of the tasks that were moved to a node. */
function scanGuests(removal: Removal, way: WayOut, node: number, far: number): void {
  const { matching, offers, edgeNow, raised, firstGuest, nextGuest } = removal;
  const { graph, prices } = matching;
  for (let task = firstGuest[node]!; task >= 0; task = nextGuest[task]!) {
    const own = edgeNow[task]!;
    const worth = far + graph.weight[own]! - prices[node]!;
    if (worth < way.length) {
      way.length = worth;
      way.leftTask = task;
      way.freeNode = -1;
    }
    for (let at = offers.start[task]!, end = offers.start[task + 1]!; at < end; at++) {
      const least = worth + offers.cost[at]!;
      if (least >= way.length) break;
      const to = offers.node[at]!;
      const next = least + raised[to]!;
      if (next < way.length && offers.edge[at] !== own) reach(removal, way, offers.edge[at]!, to, next);
    }
  }
}

/** Moves every task on the way one node on; the first one leaves the node that is removed. */
function moveAlong(removal: Removal, way: WayOut, root: number): void {
  const { matching, nodeNow } = removal;
  let node = way.freeNode;
  if (node < 0) {
    node = nodeNow[way.leftTask]!;
    move(removal, way.leftTask, -1);
  }
  while (node !== root) {
    const edge = matching.search.via[node]!;
    const task = matching.graph.taskOf[edge]!;
    node = nodeNow[task]!;
    move(removal, task, edge);
  }
}

/** Takes one more slot off a node: one Dijkstra search for the shortest way out. @returns its length */
function loseSlot(removal: Removal, root: number): number {
  const { search } = removal.matching;
  const { heap, distance } = search;
  const way: WayOut = { length: Infinity, freeNode: -1, leftTask: -1 };
  search.round++;
  search.settledCount = 0;
  heap.clear();
  search.mark[root] = search.round;
  distance[root] = 0;
  heap.push(0, root);
  while (heap.nearest < way.length) {
    const length = heap.nearest;
    const node = heap.pop();
    const far = length - removal.raised[node]!;
    search.settled[search.settledCount++] = node;
    if (far + removal.leastWorth[node]! < way.length) considerLeaving(removal, way, node, far);
    scanHome(removal, way, node, far);
    if (removal.firstGuest[node]! >= 0) scanGuests(removal, way, node, far);
  }
  for (let at = 0; at < search.settledCount; at++) {
    const node = search.settled[at]!;
    const by = way.length - distance[node]!;
    if (by > 0) raise(removal, node, by);
  }
  moveAlong(removal, way, root);
  return way.length;
}

/** Takes the first slot off a full node at the highest prices: its way out is known and costs nothing. */
function loseFirstSlot(removal: Removal, { next }: WaysOut, root: number): void {
  const { graph, search } = removal.matching;
  let node = root;
  for (; next[node]! >= 0; node = graph.nodeOf[next[node]!]!) search.via[graph.nodeOf[next[node]!]!] = next[node]!;
  const way: WayOut = { length: Infinity, freeNode: node, leftTask: -1 };
  if (removal.loadNow[node]! >= graph.slots[node]!) considerLeaving(removal, way, node, 0);
  moveAlong(removal, way, root);
}

/**
 * W(N) − W(N∖j), for every node that has tasks: its slots are taken off one by one, each by the shortest way out
 * of the residual network, and everything is put back (Hershberger and Suri 2001 do so for paths). A slot costs the
 * node's price at the time; the first slot of a full node costs the highest price, without a search.
 * @param ways as `raiseToHighestPrices` has them
 * @param out all arcs, at the highest prices
 * @returns by node; 0 without tasks. Exact, of any size
 */
export function lossesWithoutNodes(matching: Matching, ways: WaysOut, out: Arcs): bigint[] {
  const { graph, load, prices } = matching;
  const removal = beginRemovals(matching, out);
  return Array.from(load, (tasks, node) => {
    if (tasks === 0) return 0n;
    let price = prices[node]!;
    let loss = BigInt(price);
    const isFull = tasks === graph.slots[node]!;
    if (isFull && tasks === 1) return loss;
    const slots = graph.slots[node]!;
    graph.slots[node] = 0;
    if (isFull) loseFirstSlot(removal, ways, node);
    else loss = BigInt((price += loseSlot(removal, node)));
    for (let left = tasks - 1; left > 0; left--) {
      price += loseSlot(removal, node);
      loss += BigInt(price);
    }
    graph.slots[node] = slots;
    undo(removal);
    return loss;
  });
}
