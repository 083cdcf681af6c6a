import type { Address, Hash } from "@stoa/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clearRound } from "./clear-round.ts";
import { costBands, gridEdge, nextBand, type NodeCost } from "./cost-bands.ts";
import { leastMaxPrice } from "./least-max-price.ts";
import { reservePrice } from "./reserve-price.ts";

const address = (index: number): Address => `0x${index.toString(16).padStart(40, "0")}`;
const hash = (index: number): Hash => `0x${index.toString(16).padStart(64, "0")}`;
const amount = fc.oneof(fc.bigInt({ min: 1n, max: 200n }), fc.bigInt({ min: 1n, max: 10n ** 12n }));
const costs = fc.array(fc.record({ provider: fc.nat(12).map(address), maxPrice: amount }), { maxLength: 30 });
/** Every node a provider's of its own. */
const strangers = fc
  .array(amount, { minLength: 3, maxLength: 20 })
  .map((amounts) => amounts.map((maxPrice, index) => ({ provider: address(index), maxPrice })));

/** What a requester reads out of the bands for one maximum price. */
const answerOf = (given: readonly NodeCost[], maxPrice: bigint) => {
  const bands = costBands(given);
  return { bands, next: nextBand(bands, maxPrice) };
};

describe("bands of costs", () => {
  it("hold three providers each, whatever the costs are", () => {
    fc.assert(
      fc.property(costs, (given) => {
        for (const { above, upTo, nodes } of costBands(given)) {
          const inside = given.filter(({ maxPrice }) => maxPrice > above && maxPrice <= upTo);
          const providers = new Set(inside.map(({ provider }) => provider)).size;
          expect(providers).toBeGreaterThanOrEqual(3);
          expect(nodes.atLeast).toBeGreaterThanOrEqual(3);
          expect(nodes.atLeast <= providers && providers <= nodes.atMost).toBe(true);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it("say nothing of fewer than three providers, however many nodes those run", () => {
    const pair = Array.from({ length: 40 }, (_, index) => ({ provider: address(index % 2), maxPrice: BigInt(index) }));
    expect(costBands(pair)).toEqual([]);
    expect(costBands([...pair, { provider: address(2), maxPrice: 7n }])).toHaveLength(1);
  });

  it("answer every sequence of maximum prices alike when a cost moves between two edges of the grid", () => {
    fc.assert(
      fc.property(
        strangers,
        fc.nat(),
        fc.bigInt({ min: 0n, max: 10n ** 12n }),
        fc.array(amount),
        (given, at, by, asked) => {
          const moved = [...given];
          const index = at % given.length;
          const { provider, maxPrice } = given[index]!;
          const upper = gridEdge(maxPrice);
          const lower = lowerEdge(upper);
          moved[index] = { provider, maxPrice: upper - (by % (upper - lower)) };
          for (const price of asked) expect(answerOf(moved, price)).toEqual(answerOf(given, price));
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it("do not depend on the order nodes are listed in", () => {
    fc.assert(
      fc.property(costs, fc.infiniteStream(fc.nat()), (given, keys) => {
        const shuffled = given
          .map((cost) => ({ cost, key: keys.next().value as number }))
          .toSorted((a, b) => a.key - b.key)
          .map(({ cost }) => cost);
        expect(costBands(shuffled)).toEqual(costBands(given));
      }),
    );
  });

  it("hold what one task costs among these nodes: the price that a clearing sets lies in the cheapest band", () => {
    fc.assert(
      fc.property(strangers, fc.integer({ min: 0, max: 1_000 }), (given, feeBps) => {
        const asks = given.map(({ maxPrice }) => reservePrice(maxPrice, feeBps));
        const needed = given.map(({ provider }, index) => ({
          provider,
          maxPrice: leastMaxPrice(asks[index]!, feeBps),
        }));
        const [cheapest] = costBands(needed.map((cost) => ({ ...cost, maxPrice: cost.maxPrice || 1n })));
        const task = {
          taskId: hash(1),
          requester: address(99),
          maxPrice: 10n ** 13n,
          royaltyCap: 0n,
          agentVersion: null,
        };
        const { awards } = clearRound(
          {
            feeBps,
            tasks: [task],
            nodes: given.map(({ provider }, index) => ({ node: address(200 + index), provider, slots: 1 })),
            edges: asks.map((ask, node) => ({ task: 0, node, agentVersion: hash(2), ask, royalty: 0n, quality: 0n })),
          },
          hash(3),
        );
        // The tie-break takes less than a unit off, which rounds the price down by one at most.
        expect(awards[0]!.charge).toBeLessThanOrEqual(cheapest!.upTo);
        expect(awards[0]!.charge + 2n).toBeGreaterThan(cheapest!.above);
      }),
      { numRuns: 500 },
    );
  });

  it("name the band that a higher maximum would reach", () => {
    const given = [11n, 14n, 19n, 120n, 130n, 190n, 900n].map((maxPrice, index) => ({
      provider: address(index),
      maxPrice,
    }));
    const bands = costBands(given);
    expect(bands).toEqual([
      { above: 0n, upTo: 20n, nodes: { atLeast: 3, atMost: 5 } },
      { above: 20n, upTo: 200n, nodes: { atLeast: 3, atMost: 5 } },
    ]);
    expect(nextBand(bands, 10n)?.upTo).toBe(20n);
    expect(nextBand(bands, 20n)?.upTo).toBe(200n);
    expect(nextBand(bands, 200n)).toBeUndefined();
  });
});

describe("the least maximum price for a cost", () => {
  it("pays for it, and one unit less does not", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 10n ** 18n }), fc.integer({ min: 0, max: 1_000 }), (cost, feeBps) => {
        const least = leastMaxPrice(cost, feeBps);
        expect(reservePrice(least, feeBps)).toBeGreaterThanOrEqual(cost);
        expect(reservePrice(least - 1n, feeBps)).toBeLessThan(cost);
      }),
    );
  });
});

/** The edge of the grid below one. */
function lowerEdge(edge: bigint): bigint {
  const text = edge.toString();
  if (edge === 1n) return 0n;
  return text.startsWith("1") ? edge / 2n : text.startsWith("2") ? edge / 2n : (edge * 2n) / 5n;
}
