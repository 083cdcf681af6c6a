import { BID_REASON, type Hash, type Order, passReasonOf, type TaskSpec } from "@stoa/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { HostedAgent } from "../agents/hosting.ts";
import { answerTask as answerWhole, type AskedTask, type Bidder } from "./answer-task.ts";
import { costOf } from "@stoa/core";
import { createDurations } from "./durations.ts";

const address = (index: number) => `0x${index.toString(16).padStart(40, "0")}` as const;
const hash = (index: number): Hash => `0x${index.toString(16).padStart(64, "0")}`;
const cost = { base: 1_000n, perKib: 10n, perSecond: 100n };

function agent(index: number, royalty: string, creator = address(7)): HostedAgent {
  return {
    versionId: hash(index),
    creator,
    manifest: {
      capabilities: ["text.test"],
      royalty,
      limits: { memoryMb: 1, timeMs: 10_000, outputBytes: 1, logBytes: 1 },
    } as HostedAgent["manifest"],
  };
}

function task(changes: Partial<Order> = {}, spec: Partial<TaskSpec> = {}): AskedTask {
  const order = {
    requester: address(1),
    maxPrice: 1_000_000n,
    royaltyCap: 10_000n,
    deliverBy: 1_000n,
    ...changes,
  } as Order;
  return {
    orderHash: hash(99),
    order,
    spec: { capability: "text.test", ...spec } as TaskSpec,
    inputBytes: 2_048,
    isSigned: true,
  };
}

function bidder(agents: HostedAgent[], changes: Partial<Bidder> = {}): Bidder {
  return {
    agents: new Map(agents.map((one) => [one.versionId, one])),
    unreachable: new Set(),
    provider: address(2),
    cost,
    durations: createDurations(),
    freeSlots: 1,
    isDraining: false,
    ...changes,
  };
}

const answerTask = (...args: Parameters<typeof answerWhole>) => answerWhole(...args).answer;

describe("a node's answer", () => {
  it("bids with the agent that costs the requester least, royalty included, at the node's own cost", () => {
    const answer = answerTask(task(), bidder([agent(1, "900"), agent(2, "100"), agent(3, "500")]), 250, 0);
    expect(answer).toMatchObject({
      agentVersion: hash(2),
      ask: costOf(cost, 2_048, 5_000).toString(),
      reason: BID_REASON,
    });
  });

  it("counts no royalty for agents of its own provider", () => {
    const answer = answerTask(task({ royaltyCap: 0n }), bidder([agent(1, "900", address(2)), agent(2, "1")]), 250, 0);
    expect(answer.agentVersion).toBe(hash(1));
  });

  it("does not depend on the maximum price or on anything but its cost", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10_000n }), fc.integer({ min: 0, max: 1_000 }), (maxPrice, feeBps) => {
        const answer = answerTask(task({ maxPrice }), bidder([agent(1, "100")]), feeBps, 0);
        const truth = costOf(cost, 2_048, 5_000);
        const reserve = (maxPrice * 10_000n) / BigInt(10_000 + feeBps);
        if (truth + 100n <= reserve) expect(answer).toMatchObject({ ask: truth.toString(), reason: BID_REASON });
        else expect(passReasonOf(answer.reason)).toBe("price_too_low");
      }),
    );
  });

  it.each([
    ["draining", task(), { isDraining: true }],
    ["order_not_covered", { ...task(), isSigned: false }, {}],
    ["requester_refused", task({ requester: address(2) }), {}],
    ["no_agent", task({}, { capability: "text.other" }), {}],
    ["no_agent", task({}, { agentVersion: hash(5) }), {}],
    ["endpoint_down", task(), { unreachable: new Set([hash(1)]) }],
    ["price_too_low", task({ royaltyCap: 99n }), {}],
    ["deadline_too_short", task({ deliverBy: 10n }), {}],
    ["price_too_low", task({ maxPrice: 1_000n }), {}],
    ["no_free_slot", task(), { freeSlots: 0 }],
  ])("passes with %s", (reason, asked, changes) => {
    const answer = answerTask(asked, bidder([agent(1, "100")], changes), 250, 0);
    expect([passReasonOf(answer.reason), answer.ask]).toEqual([reason, "0"]);
  });

  it("tells what a task costs beside its pass only when the price alone stands in the way", () => {
    const cheap = task({ maxPrice: 1_000n });
    expect(answerWhole(cheap, bidder([agent(1, "100")]), 250, 0)).toMatchObject({
      answer: { ask: "0" },
      cost: costOf(cost, 2_048, 5_000) + 100n,
    });
    for (const change of [{ freeSlots: 0 }, { isDraining: true }]) {
      expect(answerWhole(cheap, bidder([agent(1, "100")], change), 250, 0).cost).toBeUndefined();
    }
  });

  it("of a busy or slow node is the same at every maximum price", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 10_000n }), fc.bigInt({ min: 1n, max: 10_000n }), (one, other) => {
        for (const [order, change] of [
          [{}, { freeSlots: 0 }],
          [{ deliverBy: 10n }, {}],
        ] as const) {
          const at = (maxPrice: bigint) =>
            answerTask(task({ ...order, maxPrice }), bidder([agent(1, "100")], change), 250, 0);
          expect(at(one)).toEqual(at(other));
        }
      }),
    );
  });

  it("asks for all that an agent's language models may cost", () => {
    const thinker = { ...agent(1, "100"), mostModelCost: 5_000n };
    const answer = answerTask(task(), bidder([thinker]), 250, 0);
    expect(answer.ask).toBe((costOf(cost, 2_048, 5_000) + 5_000n).toString());
    expect(answerTask(task(), bidder([thinker, agent(2, "900")]), 250, 0).agentVersion).toBe(hash(2));
  });

  it("learns how long an agent takes, and never promises more than its limit", () => {
    const durations = createDurations();
    for (let run = 0; run < 50; run += 1) durations.record(hash(1), 100);
    expect(answerTask(task(), bidder([agent(1, "100")], { durations }), 250, 0)).toMatchObject({
      promisedSeconds: 1,
      ask: "1030",
    });
    for (let run = 0; run < 50; run += 1) durations.record(hash(1), 60_000);
    expect(answerTask(task(), bidder([agent(1, "100")], { durations }), 250, 0)).toMatchObject({
      promisedSeconds: 10,
      ask: "2020",
    });
  });
});
