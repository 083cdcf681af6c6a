import { BID_REASON, type Hash, passReasonOf } from "@stoa/protocol";
import { describe, expect, it } from "vitest";
import type { HostedAgent } from "../agents/hosting.ts";
import { answerQuote, type QuotingNode } from "./answer-quote.ts";
import { costOf } from "@stoa/core";
import { createDurations } from "./durations.ts";

const address = (index: number) => `0x${index.toString(16).padStart(40, "0")}` as const;
const hash = (index: number): Hash => `0x${index.toString(16).padStart(64, "0")}`;
const cost = { base: 1_000n, perKib: 10n, perSecond: 100n };
const asked = {
  type: "quote.asked" as const,
  quoteId: "ab".repeat(16),
  capability: "text.test",
  inputBytes: 2_048,
};
const agent: HostedAgent = {
  versionId: hash(1),
  creator: address(7),
  manifest: {
    capabilities: ["text.test"],
    royalty: "900",
    limits: { memoryMb: 1, timeMs: 10_000, outputBytes: 1, logBytes: 1 },
  } as HostedAgent["manifest"],
};

function node(changes: Partial<QuotingNode> = {}): QuotingNode {
  return {
    agents: new Map([[agent.versionId, agent]]),
    unreachable: new Set(),
    provider: address(2),
    cost,
    durations: createDurations(),
    freeSlots: 2,
    isDraining: false,
    tellsCost: true,
    running: [],
    waiting: 0,
    ...changes,
  };
}

const running = (startedAtMs: number) => ({ taskId: hash(5), executionId: "e", agent: agent.versionId, startedAtMs });

describe("a node's answer to a quote", () => {
  it("is what it would bid, royalty included, and says that it could start now", () => {
    expect(answerQuote(asked, node(), 0)).toEqual({
      type: "quote.answered",
      quoteId: asked.quoteId,
      reason: BID_REASON,
      cost: (costOf(cost, 2_048, 5_000) + 900n).toString(),
      freeSlots: 2,
      freeInMs: 0,
      promisedSeconds: 10,
    });
  });

  it("keeps the cost back when the node does not tell it", () => {
    expect(answerQuote(asked, node({ tellsCost: false }), 0)).not.toHaveProperty("cost");
  });

  it("of a busy node says when a slot is likely to come free", () => {
    const busy = { freeSlots: 0, running: [running(1_000), running(3_000)] };
    const answer = answerQuote(asked, node(busy), 4_000);
    expect([passReasonOf(answer.reason), answer.freeInMs]).toEqual(["no_free_slot", 2_000]);
    expect(answerQuote(asked, node({ ...busy, waiting: 1 }), 4_000).freeInMs).toBe(4_000);
    expect(answerQuote(asked, node({ ...busy, waiting: 9 }), 99_000).freeInMs).toBe(0);
  });

  it.each([
    ["no_agent", { ...asked, capability: "text.other" }, {}],
    ["no_agent", { ...asked, agentVersion: hash(9) }, {}],
    ["endpoint_down", asked, { unreachable: new Set([agent.versionId]) }],
    ["draining", asked, { isDraining: true }],
  ] as const)("is a pass for %s", (reason, question, changes) => {
    const answer = answerQuote(question, node(changes), 0);
    expect(passReasonOf(answer.reason)).toBe(reason);
    expect(answer).not.toHaveProperty("cost");
  });
});
