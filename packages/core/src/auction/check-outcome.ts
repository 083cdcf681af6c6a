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
import { splitPayment } from "./split-payment.ts";
import { disagree, requireDistinct, requireSame } from "./verification.ts";
import type { WeighedEdge } from "./weigh-edges.ts";
import { type Assignment, emptyAssignment, slackOf } from "./wide/assignment.ts";

/** A record's outcome beside the market it must be the outcome of. */
export interface Judged {
  market: Market;
  edges: readonly WeighedEdge[];
  outcome: RecordOutcome;
  certificate: Certificate;
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
  return { market, edges, outcome: record.body.outcome, certificate: record.certificate, assignment };
}

function edgeOfAward({ market, edges, assignment }: Judged, award: RecordAward): number {
  const task = market.tasks.findIndex(({ taskId }) => taskId === award.orderHash);
  const edge = assignment.edgesOfTask[task]?.find(
    (candidate) => market.nodes[edges[candidate]!.node]!.node === award.node,
  );
  if (edge === undefined)
    disagree(`task ${award.orderHash} went to ${award.node}, which has no bid for it that counts`);
  return edge;
}

/** The allocation: every award is on a bid that counts, tasks at most once, nodes within their slots; W is its worth. */
export function checkAllocation(judged: Judged): string {
  const { market, edges, outcome, assignment } = judged;
  requireDistinct(
    "award of task",
    outcome.awards.map(({ orderHash }) => orderHash),
  );
  let total = 0n;
  for (const award of outcome.awards) {
    const edge = edgeOfAward(judged, award);
    const { task, node, weight } = edges[edge]!;
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

/** The awards of one winner in canonical order, with their places in the outcome. */
function awardsOfNode({ outcome }: Judged, node: string): RecordAward[] {
  return outcome.awards.filter((award) => award.node === node).sort((a, b) => (a.orderHash < b.orderHash ? -1 : 1));
}

/** The prices: each winner's P is split by the rule, and every amount of every award follows from its share. */
export function checkPrices(judged: Judged): string {
  const { market, edges, outcome, assignment } = judged;
  const winners = market.nodes.filter((_, index) => assignment.tasksOf[index]!.size > 0).map(({ node }) => node);
  requireSame("the list of winners", outcome.withoutNode.map(({ node }) => node).join(), winners.join());
  for (const { node, total } of outcome.withoutNode) {
    const awards = awardsOfNode(judged, node);
    const won = awards.map((award) => edges[edgeOfAward(judged, award)]!);
    const payment = BigInt(outcome.total) - BigInt(total);
    const winnings = awards.map((award, index) => ({ weight: won[index]!.weight, margin: BigInt(award.margin) }));
    const unfit = winnings.findIndex(({ weight, margin }) => margin > weight);
    if (unfit >= 0) disagree(`the margin of task ${awards[unfit]!.orderHash} is over its weight`);
    const shares = splitPayment(payment, winnings);
    requireSame(
      `the sum of ${node}'s shares`,
      shares.reduce((sum, share) => sum + share, 0n),
      payment,
    );
    awards.forEach((award, index) => {
      const expected = recordAward(awardTerms(market, won[index]!, BigInt(award.margin), shares[index]!));
      for (const key of Object.keys(expected) as (keyof RecordAward)[]) {
        requireSame(`the ${key} of task ${award.orderHash}`, award[key], expected[key]);
      }
    });
  }
  return `${outcome.awards.length} prices`;
}

/** The payments: W(N∖j) of every winner and the margin of every award, found anew by clearing without them. */
export function checkPayments(judged: Judged): string {
  const { market, outcome, assignment } = judged;
  const optimum = takeUpOptimum(assignment.problem, assignment.edgeOf, assignment.nodeDuals);
  const withoutNode = optimum.lossesWithoutNodes();
  const withoutEdge = optimum.lossesWithoutEdges();
  market.nodes.forEach(({ node }, index) => {
    if (assignment.tasksOf[index]!.size === 0) return;
    const total = outcome.withoutNode.find((entry) => entry.node === node)!.total;
    requireSame(`W without ${node}`, total, (BigInt(outcome.total) - withoutNode[index]!).toString());
    for (const award of awardsOfNode(judged, node)) {
      const task = market.tasks.findIndex(({ taskId }) => taskId === award.orderHash);
      requireSame(`the margin of task ${award.orderHash}`, award.margin, withoutEdge[task]!.toString());
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
