import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type AwardTerms,
  type Clearing,
  clearRound,
  type Market,
  reservePrice,
  WEIGHT_SCALE,
} from "../../src/index.ts";
import { weighEdges } from "../../src/auction/weigh-edges.ts";
import { solveWide } from "../../src/auction/wide/solve.ts";
import { biggerMarket, mediumMarket, randomMarket, SEED } from "../random-market.ts";
import { law } from "./law.ts";

function edgeOf(market: Market, award: AwardTerms) {
  const task = market.tasks.findIndex(({ taskId }) => taskId === award.taskId);
  const node = market.nodes.findIndex((terms) => terms.node === award.node);
  return { task, node, edge: market.edges.find((edge) => edge.task === task && edge.node === node)! };
}

/** Solves anew without each winner and without each awarded edge, by the plain method. */
function checkPaymentsByResolving(market: Market): void {
  const { edges } = weighEdges(market, SEED);
  const slots = market.nodes.map((terms) => terms.slots);
  const best = (part: typeof edges) => solveWide({ taskCount: market.tasks.length, slots, edges: part }).total;
  const clearing = clearRound(market, SEED);
  assert.equal(clearing.total, best(edges));
  for (const { node, total } of clearing.withoutNode) {
    assert.equal(total, best(edges.filter((edge) => market.nodes[edge.node]!.node !== node)));
    const shares = clearing.awards.filter((award) => award.node === node).map(({ share }) => share);
    assert.equal(
      shares.reduce((sum, share) => sum + share, 0n),
      clearing.total - total,
    );
  }
  for (const award of clearing.awards) {
    const { task, node } = edgeOf(market, award);
    const without = best(edges.filter((edge) => edge.task !== task || edge.node !== node));
    assert.equal(award.margin, clearing.total - without);
  }
}

/** Every amount of an award within its bounds: `ask ≤ payment`, `0 ≤ m ≤ s ≤ w`, `price ≤ r + q`, `charge ≤ M`. */
function checkAward(market: Market, award: AwardTerms): void {
  const { task, node, edge } = edgeOf(market, award);
  const terms = market.tasks[task]!;
  assert.ok(0n <= award.margin && award.margin <= award.share && award.share <= award.weight);
  assert.ok(award.payment >= edge.ask, "a truthful node loses");
  assert.ok(award.price <= reservePrice(terms.maxPrice, market.feeBps) + edge.quality);
  assert.ok(award.charge <= terms.maxPrice, "a requester is charged over its maximum");
  assert.equal(award.charge, award.payment + award.royalty + award.fee);
  assert.ok(award.royalty <= terms.royaltyCap);
  assert.notEqual(market.nodes[node]!.provider, terms.requester);
  assert.ok(terms.agentVersion === null || terms.agentVersion === award.agentVersion);
}

/** Charges are payments, royalties and fees; a node is paid its P but for under one unit a task, lost by rounding down. */
function checkSums(market: Market, clearing: Clearing): void {
  const sum = (amounts: readonly bigint[]) => amounts.reduce((left, amount) => left + amount, 0n);
  const { awards } = clearing;
  assert.equal(
    sum(awards.map(({ charge }) => charge)),
    sum(awards.flatMap(({ payment, royalty, fee }) => [payment, royalty, fee])),
  );
  for (const { node, total } of clearing.withoutNode) {
    const won = awards.filter((award) => award.node === node);
    const lost = clearing.total - total - sum(won.map(({ payment, ask }) => (payment - ask) * WEIGHT_SCALE));
    assert.ok(lost >= 0n && lost < BigInt(won.length) * WEIGHT_SCALE, `${node} loses ${lost} by rounding`);
  }
  const load = (node: string) => awards.filter((award) => award.node === node).length;
  for (const { node, slots } of market.nodes) assert.ok(load(node) <= slots);
}

/** A market with everything in it listed in another order. */
const shuffledMarket = fc.oneof(randomMarket, mediumMarket).chain((market) => {
  const orderOf = (items: readonly unknown[]) =>
    fc.shuffledSubarray(
      items.map((_, index) => index),
      { minLength: items.length },
    );
  return fc
    .tuple(
      orderOf(market.tasks),
      orderOf(market.nodes),
      fc.shuffledSubarray([...market.edges], { minLength: market.edges.length }),
    )
    .map(([tasks, nodes, edges]) => ({
      market,
      shuffled: {
        feeBps: market.feeBps,
        tasks: tasks.map((index) => market.tasks[index]!),
        nodes: nodes.map((index) => market.nodes[index]!),
        edges: edges.map((edge) => ({ ...edge, task: tasks.indexOf(edge.task), node: nodes.indexOf(edge.node) })),
      },
    }));
});

const byTask = (awards: readonly AwardTerms[]) => [...awards].sort((a, b) => (a.taskId < b.taskId ? -1 : 1));

export const chargeLaws = [
  law(
    "payments and margins are what solving again without the node and without the bid says",
    200,
    fc.oneof(randomMarket, mediumMarket),
    checkPaymentsByResolving,
  ),

  law("so they are in bigger rounds", 40, biggerMarket, checkPaymentsByResolving),

  law(
    "no truthful node loses, and no requester is charged over its maximum",
    300,
    fc.oneof(randomMarket, mediumMarket),
    (market) => {
      for (const award of clearRound(market, SEED).awards) checkAward(market, award);
    },
  ),

  law(
    "charges sum to payments, royalties and fees, up to less than a unit a task",
    200,
    fc.oneof(randomMarket, mediumMarket),
    (market) => {
      checkSums(market, clearRound(market, SEED));
    },
  ),

  law(
    "the outcome is the same in whatever order tasks, nodes and bids are listed",
    200,
    shuffledMarket,
    ({ market, shuffled }) => {
      assert.deepEqual(byTask(clearRound(shuffled, SEED).awards), byTask(clearRound(market, SEED).awards));
    },
  ),
];
