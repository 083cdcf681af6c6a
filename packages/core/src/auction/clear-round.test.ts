import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clearRound } from "./clear-round.ts";
import { solveAssignment } from "./solve-assignment.ts";
import { type Clearing, type Market, WEIGHT_SCALE } from "./model.ts";
import { biggerMarket, bruteForce, randomMarket, SEED, testAddress, testHash } from "../../tests/random-market.ts";
import { reservePrice } from "./reserve-price.ts";
import { weighEdges } from "./weigh-edges.ts";

function slotsOf(market: Market): number[] {
  return market.nodes.map(({ slots }) => slots);
}

function awardedEdge(market: Market, clearing: Clearing, taskId: string) {
  const award = clearing.awards.find((candidate) => candidate.taskId === taskId)!;
  const task = market.tasks.findIndex((candidate) => candidate.taskId === taskId);
  const node = market.nodes.findIndex((candidate) => candidate.node === award.node);
  return { award, task, node };
}

/** What a node gains by an outcome at its true costs, scaled, before prices are rounded down to whole units. */
function scaledGain(market: Market, clearing: Clearing, node: number, trueAsk: (task: number) => bigint): bigint {
  return clearing.awards
    .filter((award) => award.node === market.nodes[node]!.node)
    .reduce((sum, award) => {
      const task = market.tasks.findIndex(({ taskId }) => taskId === award.taskId);
      return sum + (award.ask - trueAsk(task)) * WEIGHT_SCALE + award.share;
    }, 0n);
}

const askOf = (market: Market, node: number) => (task: number) =>
  market.edges.find((edge) => edge.task === task && edge.node === node)!.ask;

describe("the assignment", { timeout: 30_000 }, () => {
  it("is worth as much as the best of all allocations, and the duals prove it", () => {
    fc.assert(
      fc.property(randomMarket, (market) => {
        const { edges } = weighEdges(market, SEED);
        const solution = solveAssignment({ taskCount: market.tasks.length, slots: slotsOf(market), edges });
        expect(solution.total).toBe(bruteForce(edges, market.tasks.length, slotsOf(market)).total);
        const { taskDuals: u, nodeDuals: v, assigned } = solution;
        expect([...u, ...v].every((dual) => dual >= 0n)).toBe(true);
        edges.forEach((edge, index) => {
          const slack = u[edge.task]! + v[edge.node]! - edge.weight;
          expect(slack >= 0n).toBe(true);
          if (assigned[edge.task] === index) expect(slack).toBe(0n);
        });
        u.forEach((dual, task) => expect(dual === 0n || assigned[task]! >= 0).toBe(true));
        v.forEach((dual, node) => {
          const load = assigned.filter((edge) => edge >= 0 && edges[edge]!.node === node).length;
          expect(load <= slotsOf(market)[node]!).toBe(true);
          if (dual > 0n) expect(load).toBe(slotsOf(market)[node]);
        });
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("a round's outcome", { timeout: 30_000 }, () => {
  it("pays each node what the others lose by its presence, and prices each task by the competition on it", () => {
    fc.assert(
      fc.property(randomMarket, (market) => {
        const { edges } = weighEdges(market, SEED);
        const best = (part: typeof edges) => bruteForce(part, market.tasks.length, slotsOf(market)).total;
        const clearing = clearRound(market, SEED);
        expect(clearing.total).toBe(best(edges));
        for (const { node, total } of clearing.withoutNode) {
          const index = market.nodes.findIndex((candidate) => candidate.node === node);
          expect(total).toBe(best(edges.filter((edge) => edge.node !== index)));
          const shares = clearing.awards.filter((award) => award.node === node).map(({ share }) => share);
          expect(shares.reduce((sum, share) => sum + share, 0n)).toBe(clearing.total - total);
        }
        for (const { taskId, margin } of clearing.awards) {
          const { task, node } = awardedEdge(market, clearing, taskId);
          expect(margin).toBe(clearing.total - best(edges.filter((edge) => edge.task !== task || edge.node !== node)));
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it("never pays a node less than its ask, nor charges a requester beyond its maximum", () => {
    fc.assert(
      fc.property(randomMarket, (market) => {
        const clearing = clearRound(market, SEED);
        for (const award of clearing.awards) {
          const { task, node } = awardedEdge(market, clearing, award.taskId);
          const terms = market.tasks[task]!;
          const edge = market.edges.find((candidate) => candidate.task === task && candidate.node === node)!;
          expect(0n <= award.margin && award.margin <= award.share && award.share <= award.weight).toBe(true);
          expect(award.payment >= edge.ask).toBe(true);
          expect(award.price <= reservePrice(terms.maxPrice, market.feeBps) + edge.quality).toBe(true);
          expect(award.charge <= terms.maxPrice).toBe(true);
          expect(award.charge).toBe(award.payment + award.royalty + award.fee);
          expect(award.royalty <= terms.royaltyCap).toBe(true);
          expect(market.nodes[node]!.provider).not.toBe(terms.requester);
          expect(terms.agentVersion === null || terms.agentVersion === award.agentVersion).toBe(true);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it("takes the same margins from one solution as from solving again without each node and bid, on bigger rounds", () => {
    fc.assert(
      fc.property(biggerMarket, (market) => {
        const { edges } = weighEdges(market, SEED);
        const best = (part: typeof edges) =>
          solveAssignment({ taskCount: market.tasks.length, slots: slotsOf(market), edges: part }).total;
        const clearing = clearRound(market, SEED);
        for (const { node, total } of clearing.withoutNode) {
          expect(total).toBe(best(edges.filter((edge) => market.nodes[edge.node]!.node !== node)));
        }
        for (const { taskId, margin } of clearing.awards) {
          const { task, node } = awardedEdge(market, clearing, taskId);
          expect(margin).toBe(clearing.total - best(edges.filter((edge) => edge.task !== task || edge.node !== node)));
        }
      }),
      { numRuns: 15 },
    );
  });

  it("charges in sum what it pays: P less under one unit a task, lost by rounding prices down", () => {
    fc.assert(
      fc.property(randomMarket, (market) => {
        const clearing = clearRound(market, SEED);
        for (const { node, total } of clearing.withoutNode) {
          const won = clearing.awards.filter((award) => award.node === node);
          const paid = won.reduce((sum, award) => sum + (award.payment - award.ask) * WEIGHT_SCALE, 0n);
          const lost = clearing.total - total - paid;
          expect(lost >= 0n && lost < BigInt(won.length) * WEIGHT_SCALE).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("gives a node nothing for misreporting its costs, of one task or of all, or for hiding slots", () => {
    const lie = fc.record({
      node: fc.nat(),
      asks: fc.array(fc.option(fc.bigInt({ min: 0n, max: 30n }), { freq: 2 }), { minLength: 4, maxLength: 4 }),
      unit: fc.constantFrom(1n, 1_000n, 10n ** 15n),
      hiddenSlots: fc.integer({ min: 0, max: 2 }),
      withheld: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
    });
    fc.assert(
      fc.property(randomMarket, lie, (market, { node: at, asks, unit, hiddenSlots, withheld }) => {
        const node = at % market.nodes.length;
        const truth = askOf(market, node);
        const edges = market.edges
          .filter((edge) => edge.node !== node || !(withheld[edge.task] && asks[edge.task] === null))
          .map((edge) =>
            edge.node === node ? { ...edge, ask: asks[edge.task] === null ? edge.ask : asks[edge.task]! * unit } : edge,
          );
        const nodes = market.nodes.map((terms, index) =>
          index === node ? { ...terms, slots: Math.max(0, terms.slots - hiddenSlots) } : terms,
        );
        const honest = scaledGain(market, clearRound(market, SEED), node, truth);
        const lying = scaledGain(market, clearRound({ ...market, edges, nodes }, SEED), node, truth);
        expect(honest >= 0n).toBe(true);
        expect(lying <= honest).toBe(true);
      }),
      { numRuns: 3_000 },
    );
  });

  it("is the same in whatever order tasks, nodes and bids are listed", () => {
    const shuffled = randomMarket.chain((market) =>
      fc.record({
        market: fc.constant(market),
        tasks: fc.shuffledSubarray(
          market.tasks.map((_, index) => index),
          { minLength: market.tasks.length },
        ),
        nodes: fc.shuffledSubarray(
          market.nodes.map((_, index) => index),
          { minLength: market.nodes.length },
        ),
        edges: fc.shuffledSubarray([...market.edges], { minLength: market.edges.length }),
      }),
    );
    const byTask = (clearing: Clearing) => [...clearing.awards].sort((a, b) => (a.taskId < b.taskId ? -1 : 1));
    fc.assert(
      fc.property(shuffled, ({ market, tasks, nodes, edges }) => {
        const other = clearRound(
          {
            feeBps: market.feeBps,
            tasks: tasks.map((index) => market.tasks[index]!),
            nodes: nodes.map((index) => market.nodes[index]!),
            edges: edges.map((edge) => ({ ...edge, task: tasks.indexOf(edge.task), node: nodes.indexOf(edge.node) })),
          },
          SEED,
        );
        expect(byTask(other)).toEqual(byTask(clearRound(market, SEED)));
      }),
      { numRuns: 500 },
    );
  });

  it("is the one optimum there is: tie-breaks tell equal bids apart", () => {
    let ties = 0;
    fc.assert(
      fc.property(randomMarket, fc.nat(250), (market, seed) => {
        const { edges } = weighEdges(market, testHash(seed));
        const best = bruteForce(edges, market.tasks.length, slotsOf(market));
        if (best.optima > 1) return void ties++;
        const { assigned } = solveAssignment({ taskCount: market.tasks.length, slots: slotsOf(market), edges });
        expect(assigned).toEqual(best.allocation);
      }),
      { numRuns: 1_000 },
    );
    // Sixteen bits leave a chance of about one in 65536 per pair of equal optima.
    expect(ties).toBeLessThanOrEqual(2);
  });

  it("pays a node that competes with nobody the task's whole worth, never its own ask", () => {
    const market: Market = {
      feeBps: 250,
      tasks: [
        { taskId: testHash(1), requester: testAddress(9), maxPrice: 50_000n, royaltyCap: 1_000n, agentVersion: null },
      ],
      nodes: [{ node: testAddress(1), provider: testAddress(2), slots: 1 }],
      edges: [{ task: 0, node: 0, agentVersion: testHash(5), ask: 10_000n, royalty: 500n, quality: -100n }],
    };
    const [award] = clearRound(market, SEED).awards;
    // ⌊50000·10⁴/10250⌋ = 48780; less the quality term 100; less one for the tie-break.
    expect(award).toMatchObject({ price: 48_679n, payment: 48_179n, royalty: 500n, fee: 1_216n, charge: 49_895n });
  });

  it("refuses amounts out of bounds and a second bid of a node for one task", () => {
    const edge = { task: 0, node: 0, agentVersion: testHash(5), ask: 1n, royalty: 0n, quality: 0n };
    const market: Market = {
      feeBps: 0,
      tasks: [{ taskId: testHash(1), requester: testAddress(9), maxPrice: 5n, royaltyCap: 0n, agentVersion: null }],
      nodes: [{ node: testAddress(1), provider: testAddress(2), slots: 1 }],
      edges: [edge],
    };
    const refused = (change: Partial<Market>) =>
      expect(() => clearRound({ ...market, ...change }, SEED)).toThrow(/cannot be cleared/);
    refused({ edges: [edge, edge] });
    refused({ edges: [{ ...edge, ask: -1n }] });
    refused({ tasks: [{ ...market.tasks[0]!, maxPrice: 10n ** 18n + 1n }] });
    refused({ edges: [{ ...edge, quality: 1n }] });
    refused({ edges: [{ ...edge, node: 3 }] });
    refused({ feeBps: 1_001 });
    refused({ nodes: [{ ...market.nodes[0]!, slots: 1.5 }] });
    expect(clearRound({ ...market, edges: [{ ...edge, ask: 10n ** 30n }] }, SEED).barred).toEqual([
      { task: 0, node: 0, reason: "below_cost" },
    ]);
  });
});
