import assert from "node:assert/strict";
import fc from "fast-check";
import { type AwardTerms, type Clearing, clearRound, type Edge, type Market, WEIGHT_SCALE } from "../../src/index.ts";
import { failOn, inForce } from "../fail-task.ts";
import { mediumMarket, randomMarket, SEED } from "../random-market.ts";
import { law } from "./law.ts";

const anyMarket = fc.oneof({ weight: 3, arbitrary: randomMarket }, { weight: 1, arbitrary: mediumMarket });

/** What a node gains by an outcome at its true costs, scaled, before prices are rounded down to whole units. */
function scaledGain(market: Market, clearing: Clearing, node: number): bigint {
  return clearing.awards
    .filter((award) => award.node === market.nodes[node]!.node)
    .reduce((sum, award) => {
      const task = market.tasks.findIndex(({ taskId }) => taskId === award.taskId);
      const truth = market.edges.find((edge) => edge.task === task && edge.node === node)!.ask;
      return sum + (award.ask - truth) * WEIGHT_SCALE + award.share;
    }, 0n);
}

/** How a node may lie about one bid: another ask, near its own or anywhere, or no bid at all. */
const lieAboutBid = fc.oneof(
  fc.record({ by: fc.integer({ min: -6, max: 6 }) }),
  fc.record({ ask: fc.integer({ min: 0, max: 30 }) }),
  fc.constant("withhold" as const),
);

/** The size of a market's amounts, so that lies are of its own size. */
function unitOf({ tasks }: Market): bigint {
  const amounts = tasks.map(({ maxPrice }) => maxPrice).filter((amount) => amount > 0n);
  const least = amounts.reduce((a, b) => (a < b ? a : b), 10n ** 18n);
  return [10n ** 15n, 1_000_000n, 1_000n].find((unit) => least % unit === 0n && least >= unit) ?? 1n;
}

function lieOf(edge: Edge, unit: bigint, lie: typeof lieAboutBid extends fc.Arbitrary<infer T> ? T : never): Edge[] {
  if (lie === "withhold") return [];
  const ask = "by" in lie ? edge.ask + BigInt(lie.by) * unit : BigInt(lie.ask) * unit;
  return [{ ...edge, ask: ask > 0n ? ask : 0n }];
}

/** A market, one of its nodes, and the same market as that node misreports it: some or all of its costs, and its slots. */
const misreported = fc
  .record({
    market: anyMarket,
    at: fc.nat(),
    lies: fc.array(fc.option(lieAboutBid, { freq: 3 }), { minLength: 9, maxLength: 9 }),
    hidden: fc.constantFrom(0, 0, 1, 2),
  })
  .map(({ market, at, lies, hidden }) => {
    const node = at % market.nodes.length;
    const unit = unitOf(market);
    const edges = market.edges.flatMap((edge) => {
      const lie = lies[edge.task] ?? null;
      return edge.node !== node || lie === null ? [edge] : lieOf(edge, unit, lie);
    });
    const nodes = market.nodes.map((terms, index) =>
      index === node ? { ...terms, slots: Math.max(0, terms.slots - hidden) } : terms,
    );
    return { market, node, lying: { ...market, edges, nodes } };
  });

const gainOf = ({ payment, ask }: AwardTerms) => payment - ask;
const sumOf = (amounts: readonly bigint[]) => amounts.reduce((sum, amount) => sum + amount, 0n);

function subsets<T>(items: readonly T[], size: number): T[][] {
  if (size === 0) return [[]];
  return items.flatMap((item, index) => subsets(items.slice(index + 1), size - 1).map((rest) => [item, ...rest]));
}

/** What a node gains that offers more slots than it has and then fails the tasks it cannot serve, one by one. */
function gainOfBoasting(boasting: Market, clearing: Clearing, id: string, dropped: readonly AwardTerms[]): bigint {
  let now = inForce(clearing);
  let owed = 0n;
  for (const { taskId } of dropped) {
    const { after, owes } = failOn(boasting, now, taskId);
    owed += owes.owed;
    now = after;
  }
  return sumOf(now.awards.filter((award) => award.node === id).map(gainOf)) - owed;
}

/** A market, two of its nodes under one hand, and tasks in the order in which whichever of them has it fails it. */
const confederates = fc.record({
  market: anyMarket,
  pair: fc.tuple(fc.nat(), fc.nat()),
  order: fc.array(fc.nat(), { minLength: 1, maxLength: 4 }),
});

export const truthfulnessLaws = [
  law(
    "no node gains by misreporting its costs, singly or jointly, or by hiding slots",
    1_000,
    misreported,
    ({ market, node, lying }) => {
      const honest = scaledGain(market, clearRound(market, SEED), node);
      assert.ok(honest >= 0n);
      assert.ok(scaledGain(market, clearRound(lying, SEED), node) <= honest, "lying pays");
    },
  ),

  law(
    "no node gains by offering slots it does not have, under the damages it then owes",
    600,
    fc.tuple(anyMarket, fc.nat(), fc.integer({ min: 1, max: 2 })),
    ([market, at, surplus]) => {
      const { node, slots } = market.nodes[at % market.nodes.length]!;
      const honest = clearRound(market, SEED).awards.filter((award) => award.node === node);
      const nodes = market.nodes.map((terms) => (terms.node === node ? { ...terms, slots: slots + surplus } : terms));
      const boasting = { ...market, nodes };
      const clearing = clearRound(boasting, SEED);
      const won = clearing.awards.filter((award) => award.node === node);
      // Whichever tasks it drops, one at a time, each replaced among nodes that still have a free slot.
      for (const dropped of subsets(won, Math.max(0, won.length - slots))) {
        const gain = gainOfBoasting(boasting, clearing, node, dropped);
        // Each price is rounded down by less than one unit.
        assert.ok(gain - sumOf(honest.map(gainOf)) <= BigInt(won.length), "boasting pays");
      }
    },
  ),

  law(
    "failing on purpose for a confederate never pays, however many tasks and in whatever order",
    400,
    confederates,
    ({ market, pair, order }) => {
      const hand = pair.map((at) => market.nodes[at % market.nodes.length]!.node);
      const clearing = clearRound(market, SEED);
      const gains = (awards: readonly AwardTerms[]) =>
        sumOf(awards.filter(({ node }) => hand.includes(node)).map(gainOf));
      const honest = gains(clearing.awards);
      let now = inForce(clearing);
      let owed = 0n;
      let failures = 0n;
      for (const at of order) {
        const theirs = now.awards.filter(({ node }) => hand.includes(node));
        if (theirs.length === 0) return;
        const { after, owes } = failOn(market, now, theirs[at % theirs.length]!.taskId);
        owed += owes.owed;
        failures++;
        now = after;
        // Each price is rounded down by less than a unit, and a tie-break is worth less than one.
        assert.ok(gains(now.awards) - owed - honest <= 2n * failures, "failing pays");
      }
    },
  ),
];
