import {
  type Certificate,
  type Hash,
  hashJson,
  type RecordAward,
  type RecordOutcome,
  type RoundRecord,
} from "@stoa/protocol";
import { awardTerms } from "./clear-round.ts";
import type { Market } from "./model.ts";
import { recordAward } from "./record-award.ts";
import { takeUpOptimum } from "./solve-assignment.ts";
import { splitPayment, type Winning } from "./split-payment.ts";
import { disagree, requireDistinct, requireSame } from "./verification.ts";
import type { WeighedEdge } from "./weigh-edges.ts";
import { type Assignment, emptyAssignment, slackOf } from "./wide/assignment.ts";

/** A record's outcome beside the market it must be the outcome of. */
export interface Judged {
  market: Market;
  edges: readonly WeighedEdge[];
  outcome: RecordOutcome;
  certificate: Certificate;
  /** Places of the market's tasks by order hash. */
  taskAt: ReadonlyMap<string, number>;
  /** Every winner's awards in canonical order, by node. */
  awardsOf: ReadonlyMap<string, readonly RecordAward[]>;
  /** Filled by {@link checkAllocation} and {@link checkCertificate} for the checks after them. */
  assignment: Assignment;
}

/** Sets a record's outcome beside its market, nothing of it checked yet. */
export function judge(record: RoundRecord, market: Market, edges: readonly WeighedEdge[]): Judged {
  const assignment = emptyAssignment({
    taskCount: market.tasks.length,
    slots: market.nodes.map(({ slots }) => slots),
    edges,
  });
  const { outcome } = record.body;
  return {
    market,
    edges,
    outcome,
    certificate: record.certificate,
    taskAt: new Map(market.tasks.map(({ taskId }, index) => [taskId, index])),
    awardsOf: Map.groupBy(
      outcome.awards.toSorted((a, b) => (a.orderHash < b.orderHash ? -1 : 1)),
      ({ node }) => node,
    ),
    assignment,
  };
}

/** Looks through the bids for the award's task alone, so that all awards together look at each bid once. */
function edgeOfAward({ market, edges, taskAt, assignment }: Judged, award: RecordAward): number {
  const edge = assignment.edgesOfTask[taskAt.get(award.orderHash) ?? -1]?.find(
    (candidate) => market.nodes[edges[candidate]!.node]!.node === award.node,
  );
  if (edge === undefined)
    disagree(`task ${award.orderHash} went to ${award.node}, which has no bid for it that counts`);
  return edge;
}

/**
 * The allocation: every award is on a bid that counts, tasks at most once and in the opening's order, nodes within
 * their slots; W is its worth.
 */
export function checkAllocation(judged: Judged): string {
  const { market, edges, outcome, assignment } = judged;
  requireDistinct(
    "award of task",
    outcome.awards.map(({ orderHash }) => orderHash),
  );
  let total = 0n;
  let last = -1;
  for (const award of outcome.awards) {
    const edge = edgeOfAward(judged, award);
    const { task, node, weight } = edges[edge]!;
    if (task < last) disagree(`the award of task ${award.orderHash} stands after that of a later task`);
    last = task;
    assignment.edgeOf[task] = edge;
    assignment.tasksOf[node]!.add(task);
    total += weight;
  }
  market.nodes.forEach(({ node, slots }, index) => {
    const load = assignment.tasksOf[index]!.size;
    if (load > slots) disagree(`node ${node} got ${load} tasks, it offered ${slots} slots`);
  });
  requireSame("W", outcome.total, total.toString());
  return `${outcome.awards.length} of ${market.tasks.length} tasks served`;
}

/**
 * The certificate: `u, v ≥ 0`, `u_i + v_j ≥ w_ij` on every edge, equality where awarded, `u_i > 0` only
 * for a served task and `v_j > 0` only for a full node. Then no allocation is worth more. O(edges).
 */
export function checkCertificate(judged: Judged): string {
  const { market, edges, certificate, assignment } = judged;
  requireSame("the number of task duals", certificate.taskDuals.length, market.tasks.length);
  requireSame("the number of node duals", certificate.nodeDuals.length, market.nodes.length);
  assignment.taskDuals = certificate.taskDuals.map(BigInt);
  assignment.nodeDuals = certificate.nodeDuals.map(BigInt);
  edges.forEach(({ task, node }, edge) => {
    const slack = slackOf(assignment, edge);
    const pair = `task ${market.tasks[task]!.taskId} and node ${market.nodes[node]!.node}`;
    if (slack < 0n) disagree(`the duals of ${pair} fall ${-slack} short of their weight`);
    if (assignment.edgeOf[task] === edge && slack > 0n)
      disagree(`the duals of ${pair} exceed their weight by ${slack} although awarded`);
  });
  assignment.taskDuals.forEach((dual, task) => {
    if (dual > 0n && assignment.edgeOf[task]! < 0)
      disagree(`task ${market.tasks[task]!.taskId} is unserved although its dual is ${dual}`);
  });
  assignment.nodeDuals.forEach((dual, node) => {
    const { slots } = market.nodes[node]!;
    const load = assignment.tasksOf[node]!.size;
    if (dual > 0n && load < slots)
      disagree(`node ${market.nodes[node]!.node} has ${slots - load} free slots although its dual is ${dual}`);
  });
  return `no allocation is worth more, on ${edges.length} bids`;
}

/**
 * What any P must lie between, whatever clearing without the node would give: without it the other duals still bound
 * every allocation, so `P ≥ slots·v`; and its tasks could be left unserved, so `P ≤ Σ w`.
 */
function requireBounds(judged: Judged, index: number, payment: bigint, winnings: readonly Winning[]): void {
  const { node, slots } = judged.market.nodes[index]!;
  const least = BigInt(slots) * judged.assignment.nodeDuals[index]!;
  const most = winnings.reduce((sum, { weight }) => sum + weight, 0n);
  const margins = winnings.reduce((sum, { margin }) => sum + margin, 0n);
  if (payment < least) disagree(`W less W without ${node} is ${payment}, its dual alone is worth ${least}`);
  if (payment > most) disagree(`W less W without ${node} is ${payment}, all it won is worth ${most}`);
  if (payment < margins) disagree(`W less W without ${node} is ${payment}, the margins of its tasks sum to ${margins}`);
}

function checkWinner(judged: Judged, index: number, without: string): void {
  const { market, edges, outcome, taskAt, awardsOf, assignment } = judged;
  const awards = awardsOf.get(market.nodes[index]!.node)!;
  const won = awards.map(({ orderHash }) => edges[assignment.edgeOf[taskAt.get(orderHash)!]!]!);
  const winnings = awards.map(({ margin }, at) => ({ weight: won[at]!.weight, margin: BigInt(margin) }));
  const unfit = winnings.findIndex(({ weight, margin }) => margin > weight);
  if (unfit >= 0) disagree(`the margin of task ${awards[unfit]!.orderHash} is over its weight`);
  const payment = BigInt(outcome.total) - BigInt(without);
  requireBounds(judged, index, payment, winnings);
  const shares = splitPayment(payment, winnings);
  requireSame(
    `the sum of ${market.nodes[index]!.node}'s shares`,
    shares.reduce((sum, share) => sum + share, 0n),
    payment,
  );
  awards.forEach((award, at) => {
    const expected = recordAward(awardTerms(market, won[at]!, winnings[at]!.margin, shares[at]!));
    for (const key of Object.keys(expected) as (keyof RecordAward)[]) {
      requireSame(`the ${key} of task ${award.orderHash}`, award[key], expected[key]);
    }
  });
}

/** Indices of the nodes that won something, in the market's order. */
function winnersOf({ market, assignment }: Judged): number[] {
  return market.nodes.flatMap((_, index) => (assignment.tasksOf[index]!.size > 0 ? [index] : []));
}

/** The prices: each winner's P is split by the rule, and every amount of every award follows from its share. */
export function checkPrices(judged: Judged): string {
  const { market, outcome } = judged;
  const winners = winnersOf(judged);
  requireSame(
    "the list of winners",
    outcome.withoutNode.map(({ node }) => node).join(),
    winners.map((index) => market.nodes[index]!.node).join(),
  );
  winners.forEach((index, at) => checkWinner(judged, index, outcome.withoutNode[at]!.total));
  return `${outcome.awards.length} prices`;
}

/** The payments: W(N∖j) of every winner and the margin of every award, found anew by clearing without them. */
export function checkPayments(judged: Judged): string {
  const { market, outcome, taskAt, awardsOf, assignment } = judged;
  const optimum = takeUpOptimum(assignment.problem, assignment.edgeOf, assignment.nodeDuals);
  const lossWithoutNode = optimum.lossesWithoutNodes();
  const lossWithoutEdge = optimum.lossesWithoutEdges();
  winnersOf(judged).forEach((index, at) => {
    const { node } = market.nodes[index]!;
    const without = BigInt(outcome.total) - lossWithoutNode[index]!;
    requireSame(`W without ${node}`, outcome.withoutNode[at]!.total, without.toString());
    for (const { orderHash, margin } of awardsOf.get(node)!) {
      const expected = lossWithoutEdge[taskAt.get(orderHash)!]!;
      requireSame(`the margin of task ${orderHash}`, margin, expected.toString());
    }
  });
  return `${outcome.withoutNode.length} nodes removed in turn`;
}

/** The hashes: the record's own, and the one it is expected to have. */
export function checkHashes(record: RoundRecord, expected: Hash | undefined): string {
  requireSame("the certificate's hash", record.certificateHash, hashJson(record.certificate));
  requireSame("the outcome's hash", record.outcomeHash, hashJson(record.body));
  if (expected) requireSame("the outcome's hash", record.outcomeHash, expected);
  return record.outcomeHash;
}
