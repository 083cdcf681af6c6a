import type { Address } from "@stoa/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type RoundPlan, signedRound, testKey } from "../../tests/signed-round.ts";
import { buildRecord } from "./build-record.ts";
import { leastMaxPrice } from "./least-max-price.ts";
import { tallyUnserved } from "./tally-unserved.ts";
import { type NodeUnserved, whyUnserved } from "./why-unserved.ts";

const address = (index: number): Address => `0x${index.toString(16).padStart(40, "0")}`;

async function reasonsOf(plan: RoundPlan): Promise<NodeUnserved["reason"][][]> {
  const inputs = await signedRound(plan);
  const { clearing } = buildRecord(inputs);
  const why = whyUnserved(inputs, clearing.barred, clearing.unserved);
  return clearing.unserved.map((taskId) => why.get(taskId)!.map(({ reason }) => reason));
}

describe("why nobody took a task", () => {
  it("names for every asked node what stood in the way", async () => {
    const plan: RoundPlan = {
      feeBps: 0,
      maxPrices: [9_000, 10_000],
      royalty: 500,
      nodes: [
        // Its one slot goes to the task that is worth more.
        { slots: 1, asks: [1_000, 1_000] },
        { slots: 1, asks: [9_501, -4] },
        // 8,000 and the royalty are within 9,000, and not once a tenth of it is taken off for its reputation.
        { slots: 1, asks: [8_000, -4], penaltyBps: 1_000 },
        { slots: 1, asks: [-2, -2] },
        { slots: 1, asks: [-1, -1] },
        { slots: 1, asks: [], silent: true },
        { slots: 1, asks: [100, -4], provider: 100 },
        { slots: 1, asks: [-77, -77] },
      ],
    };
    expect(await reasonsOf(plan)).toEqual([
      [
        "outbid",
        "below_cost",
        "reputation_too_low",
        "no_free_slot",
        "no_agent",
        "no_answer",
        "same_owner",
        "unknown_reason",
      ],
    ]);
  });

  it("tells a bid's cost as the maximum price that would pay for it, royalty and fee included", async () => {
    const inputs = await signedRound({
      feeBps: 250,
      maxPrices: [100],
      royalty: 500,
      nodes: [{ slots: 1, asks: [9_500] }],
    });
    const { clearing } = buildRecord(inputs);
    const [[node]] = [...whyUnserved(inputs, clearing.barred, clearing.unserved).values()] as [NodeUnserved[]];
    expect(node?.cost).toEqual({ provider: testKey(700).address, maxPrice: 10_250n });
  });
});

describe("counting the reasons", () => {
  it("tells what would help in bands, and the rest by number, the most frequent first", () => {
    const cost = (provider: number, maxPrice: bigint) => ({ provider: address(provider), maxPrice });
    expect(
      tallyUnserved([
        { reason: "price_too_low", cost: cost(1, 15_000n) },
        { reason: "no_free_slot" },
        { reason: "below_cost", cost: cost(2, 18_000n) },
        { reason: "price_too_low", cost: cost(3, 20_000n) },
        { reason: "price_too_low" },
        { reason: "no_free_slot" },
      ]),
    ).toEqual([
      {
        reason: "price_too_low",
        nodes: 4,
        bands: [{ above: 0n, upTo: 20_000n, nodes: { atLeast: 3, atMost: 5 } }],
      },
      { reason: "no_free_slot", nodes: 2 },
    ]);
  });

  it("puts what the asked nodes said before the others, however many those are", () => {
    const others = [
      { reason: "no_agent", nodes: 90 },
      { reason: "offline", nodes: 2 },
    ];
    expect(
      tallyUnserved([{ reason: "no_free_slot" }, { reason: "no_agent" }, { reason: "no_free_slot" }], others),
    ).toEqual([
      { reason: "no_free_slot", nodes: 2 },
      { reason: "no_agent", nodes: 91 },
      { reason: "offline", nodes: 2 },
    ]);
  });

  it("says for the same nodes the same at every maximum price, but for whether it is enough for anybody", () => {
    const nodes = fc.array(
      fc.record({ provider: fc.nat(9), cost: fc.bigInt({ min: 1n, max: 1_000n }), isBusy: fc.boolean() }),
      {
        minLength: 1,
        maxLength: 20,
      },
    );
    const prices = fc.array(fc.bigInt({ min: 1n, max: 1_100n }), { minLength: 2, maxLength: 8 });
    fc.assert(
      fc.property(nodes, prices, (given, asked) => {
        // What nodes answer for one maximum, when whoever it is enough for is outbid.
        const tallyAt = (maxPrice: bigint) =>
          tallyUnserved(
            given.map(({ provider, cost, isBusy }) => {
              const told = { provider: address(provider), maxPrice: leastMaxPrice(cost, 0) };
              if (isBusy) return { reason: "no_free_slot" };
              return { reason: told.maxPrice <= maxPrice ? "outbid" : "price_too_low", cost: told };
            }),
          );
        const willing = given.filter(({ isBusy }) => !isBusy).map(({ cost }) => cost);
        const isEnough = (maxPrice: bigint) => willing.some((cost) => cost <= maxPrice);
        for (const side of [true, false]) {
          const told = asked.filter((price) => isEnough(price) === side).map((price) => tallyAt(price));
          for (const each of told) expect(each).toEqual(told[0]);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
