import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ago, formatAmount, shortId } from "../public/format.js";
import { applyEvent, emptyState, MAX_TASKS } from "../public/state.js";

const PUBLIC = join(import.meta.dirname, "..", "public");
const NODE = "0x00000000000000000000000000000000000000a1";
const split = { charge: "20400", payment: "19500", royalty: "500", fee: "400", refund: "29600" };

type Data = Record<string, unknown>;

/** The events of one task's life, as the market tells them; `ending` says how it ends. */
function life(taskId: string, ending: string): [type: string, data: Data][] {
  const opened: [string, Data] = [
    "task.opened",
    { taskId, capability: "text.summarize", requester: "0xr", maxPrice: "50000" },
  ];
  const unserved: [string, Data] = [
    "task.unserved",
    { taskId, roundId: "0x1", reasons: [{ reason: "price_too_low", nodes: 2 }] },
  ];
  const awarded: [string, Data] = [
    "task.awarded",
    { taskId, roundId: "0x2", node: NODE, price: "20000", royalty: "500" },
  ];
  const running: [string, Data] = ["task.running", { taskId, node: NODE, executionId: "e" }];
  if (ending === "cancelled") return [opened, unserved, ["task.cancelled", { taskId }]];
  if (ending === "failed")
    return [opened, awarded, running, ["task.failed", { taskId, reason: "timeout", message: "" }]];
  return [
    opened,
    unserved,
    awarded,
    ["task.reopened", { taskId, node: NODE, fault: "not_started" }],
    awarded,
    running,
    ["task.delivered", { taskId, node: NODE, resultHash: "0x3" }],
    ["task.settled", { taskId, node: NODE, ...split }],
    ["settlement.submitted", { taskId, txHash: "0x4" }],
    ["settlement.confirmed", { taskId, txHash: "0x4" }],
  ];
}

function numbered(events: [string, Data][]) {
  return events.map(([type, data], at) => ({ seq: at + 1, type, at: 1_000 * at, data }));
}

describe("what the page shows", () => {
  it("is a task's whole way, with its price, its split and its transaction", () => {
    const state = emptyState();
    for (const event of numbered(life("0xa", "settled"))) applyEvent(state, event);
    expect(state.tasks.get("0xa")).toMatchObject({
      state: "settled",
      price: "20000",
      node: NODE,
      split,
      txHash: "0x4",
      paid: true,
    });
    expect(state.tasks.get("0xa")).not.toHaveProperty("why");
  });

  it("says why a task has no taker, and why one ended unpaid", () => {
    const state = emptyState();
    const events = numbered([...life("0xa", "cancelled").slice(0, 2), ...life("0xb", "failed")]);
    for (const event of events) applyEvent(state, event);
    expect(state.tasks.get("0xa")?.why).toBe("price too low (2)");
    expect(state.tasks.get("0xb")).toMatchObject({ state: "failed", why: "timeout" });
  });

  it("is the same when events come again, from any place in the log", () => {
    const lives = fc.array(fc.constantFrom("settled", "failed", "cancelled"), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(lives, fc.nat(), (endings, from) => {
        const events = numbered(endings.flatMap((ending, at) => life(`0x${at}`, ending)));
        const once = emptyState();
        const again = emptyState();
        for (const event of events) applyEvent(once, event);
        for (const event of events) applyEvent(again, event);
        for (const event of events.slice(from % events.length)) applyEvent(again, event);
        expect(again).toEqual(once);
      }),
    );
  });

  it("keeps nodes by whether they are online, and rounds by how they closed", () => {
    const state = emptyState();
    const events: [string, Data][] = [
      ["node.online", { node: NODE, provider: "0xp", slots: 3 }],
      ["round.opened", { roundId: "0x1", capability: "text.summarize", tasks: 1, nodes: 2, closesAt: 5 }],
      [
        "round.closed",
        {
          roundId: "0x1",
          capability: "text.summarize",
          tasks: 1,
          awards: 1,
          reason: "all_answered",
          outcomeHash: "0x9",
        },
      ],
      ["node.offline", { node: NODE, reason: "gone" }],
    ];
    for (const event of numbered(events)) applyEvent(state, event);
    expect(state.nodes.get(NODE)).toMatchObject({ online: false, slots: 3 });
    expect(state.rounds.get("0x1")).toMatchObject({ closedAt: 2_000, awards: 1, reason: "all_answered" });
  });

  it("forgets the oldest tasks, so that it can stay open for days", () => {
    const state = emptyState();
    for (let at = 0; at < MAX_TASKS + 5; at += 1) {
      for (const event of numbered(life(`0x${at}`, "cancelled"))) applyEvent(state, event);
    }
    expect(state.tasks.size).toBe(MAX_TASKS);
    expect(state.tasks.has("0x4")).toBe(false);
  });

  it("writes amounts, ids and times as people read them", () => {
    expect([formatAmount("50000", 6), formatAmount("-1", 6), formatAmount("1000000", 6), formatAmount("7", 0)]).toEqual(
      ["0.05", "−0.000001", "1", "7"],
    );
    expect(shortId(`0x${"ab".repeat(32)}`)).toBe("0xababab…abab");
    expect([ago(0, 1_000), ago(0, 30_000), ago(0, 120_000), ago(0, 7_200_000), ago(0, 1e9)]).toEqual([
      "now",
      "30 s ago",
      "2 min ago",
      "2 h ago",
      "11 d ago",
    ]);
  });
});

describe("the page's files", () => {
  it("run under a policy that lets nothing in from outside and nothing inline", async () => {
    for (const name of await readdir(PUBLIC)) {
      const text = await readFile(join(PUBLIC, name), "utf8");
      const outside = [...text.matchAll(/https?:\/\/[^\s"')]+/g)]
        .map(([found]) => found)
        .filter((found) => found !== "http://www.w3.org/2000/svg");
      expect(outside, name).toEqual([]);
      expect(text, name).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function/);
      if (name.endsWith(".html")) expect(text, name).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=/);
    }
  });
});
