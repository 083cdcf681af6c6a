import type { Address } from "@stoa/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gridEdge } from "./cost-bands.ts";
import { estimateTask, nodesWithin, type QuoteAnswer } from "./estimate-task.ts";

const address = (index: number): Address => `0x${index.toString(16).padStart(40, "0")}`;
const answer = (provider: number, changes: Partial<QuoteAnswer> = {}): QuoteAnswer => ({
  provider: address(provider),
  reason: null,
  cost: 1_500n,
  freeInMs: 0,
  promisedSeconds: 10,
  ...changes,
});
const terms = { feeBps: 0, deliverInMs: 60_000 };

describe("the estimate of a task", () => {
  it("counts who would bid now, and says what it costs, when it starts, and why the others would not", () => {
    const busy = { reason: "no_free_slot" as const, freeInMs: 20_000 };
    const answers = [answer(1), answer(2, busy), answer(3, { reason: "draining" }), answer(4, busy)];
    expect(estimateTask(answers, { ...terms, others: [{ reason: "offline", nodes: 2 }] })).toEqual({
      competitors: 1,
      bands: [{ above: 0n, upTo: 2_000n, nodes: { atLeast: 3, atMost: 5 } }],
      start: { inMs: 0, deliveredInMs: 10_000 },
      reasons: [
        { reason: "no_free_slot", nodes: 2 },
        { reason: "draining", nodes: 1 },
        { reason: "offline", nodes: 2 },
      ],
    });
  });

  it("waits for the first slot when all are busy, and takes those for too slow that could not deliver after it", () => {
    const busyFor = (freeInMs: number) => answer(1, { reason: "no_free_slot", freeInMs });
    expect(estimateTask([busyFor(30_000), busyFor(5_000)], terms)).toMatchObject({
      competitors: 0,
      start: { inMs: 5_000, deliveredInMs: 15_000 },
    });
    expect(estimateTask([busyFor(50_001)], terms)).toMatchObject({
      start: null,
      reasons: [{ reason: "deadline_too_short", nodes: 1 }],
    });
  });

  it("has nothing to say of a market without nodes but why they were not asked", () => {
    expect(estimateTask([], { ...terms, others: [{ reason: "no_agent", nodes: 3 }] })).toEqual({
      competitors: 0,
      bands: [],
      start: null,
      reasons: [{ reason: "no_agent", nodes: 3 }],
    });
  });

  it("names no figure when fewer than three providers tell their cost", () => {
    const shy = answer(3);
    delete shy.cost;
    expect(estimateTask([answer(1), answer(2), answer(2), shy], terms)).toMatchObject({ competitors: 4, bands: [] });
  });

  it("tells of a maximum price only what the bands tell", () => {
    const costs = fc.array(fc.tuple(fc.nat(9), fc.bigInt({ min: 1n, max: 10_000n })), { maxLength: 20 });
    fc.assert(
      fc.property(costs, fc.array(fc.bigInt({ min: 0n, max: 11_000n })), (given, asked) => {
        const at = (cost: (one: bigint) => bigint) =>
          estimateTask(
            given.map(([provider, one]) => answer(provider, { cost: cost(one) })),
            terms,
          ).bands;
        const [exact, rounded] = [at((one) => one), at(gridEdge)];
        for (const price of asked) {
          const within = nodesWithin(exact, price);
          expect(within).toEqual(nodesWithin(rounded, price));
          if (within) expect(within.atLeast).toBeLessThanOrEqual(within.atMost);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
