import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clearRound } from "./clear-round.ts";
import { solveAssignment } from "./solve-assignment.ts";
import type { Market } from "./model.ts";
import { bruteForce, randomMarket, SEED, testAddress, testHash } from "../../tests/random-market.ts";
import { weighEdges } from "./weigh-edges.ts";

function slotsOf(market: Market): number[] {
  return market.nodes.map(({ slots }) => slots);
}

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
