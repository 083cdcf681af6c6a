import fc from "fast-check";
import { expect, it } from "vitest";
import { nextOffer, type OpenStart } from "./next-offer.ts";

const reserve = 10_000n;

interface Lead {
  node: number;
  price: bigint;
}

/** Nodes that answer each lead in turn until none goes lower. */
function haggle(costs: readonly bigint[], decrement: bigint, start: OpenStart): Lead {
  const leads: Lead[] = [];
  for (let silent = 0, node = 0; silent < costs.length; node = (node + 1) % costs.length) {
    const lead = leads.at(-1);
    const bidding = { reserve, decrement, leadPrice: lead?.price ?? null };
    const price = lead?.node === node ? null : nextOffer(bidding, costs[node]!, start);
    silent = price === null ? silent + 1 : 0;
    if (price !== null) leads.push({ node, price });
  }
  return leads.at(-1)!;
}

const market = fc.record({
  costs: fc.array(fc.bigInt(1n, reserve), { minLength: 2, maxLength: 6 }),
  decrement: fc.bigInt(1n, 500n),
});

it("never bids below its cost, nor above the reserve", () => {
  fc.assert(
    fc.property(market, fc.constantFrom("reserve" as const, "cost" as const), ({ costs, decrement }, start) => {
      const won = haggle(costs, decrement, start);
      expect(won.price >= costs[won.node]!).toBe(true);
      expect(won.price <= reserve).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

it("ends within a step of where the second-cheapest stops, with a node that is within a step of the cheapest", () => {
  fc.assert(
    fc.property(market, ({ costs, decrement }) => {
      const won = haggle(costs, decrement, "reserve");
      const [cheapest, second] = costs.toSorted((a, b) => Number(a - b)) as [bigint, bigint];
      expect(won.price < second + decrement || won.price === reserve).toBe(true);
      expect(won.price >= second - decrement).toBe(true);
      expect(costs[won.node]! - cheapest < decrement).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

it("opens at the reserve when nobody leads, and says nothing where its cost is above it", () => {
  expect(nextOffer({ reserve, decrement: 10n, leadPrice: null }, 4_000n, "reserve")).toBe(reserve);
  expect(nextOffer({ reserve, decrement: 10n, leadPrice: null }, 4_000n, "cost")).toBe(4_000n);
  expect(nextOffer({ reserve, decrement: 10n, leadPrice: null }, reserve + 1n, "cost")).toBeNull();
  expect(nextOffer({ reserve, decrement: 10n, leadPrice: 4_009n }, 4_000n, "reserve")).toBeNull();
});
