import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { answersRoot } from "@stoa/core";
import { decodeTyped, hashJson, hashTyped, passReasons, requireSigner } from "@stoa/protocol";
import { pino } from "pino";
import { describe, expect, it } from "vitest";
import { startNode } from "../src/index.ts";
import {
  assign,
  domain,
  makeAgent,
  makeTask,
  nodeFolder,
  openRound,
  shout,
  slow,
  startMarket,
  until,
} from "./market.ts";

async function setup(env: Record<string, string> = {}) {
  const market = await startMarket();
  const folder = await nodeFolder(market, env);
  const node = await startNode(folder.config);
  await until("the node is online", () => market.hub.online().get(folder.node)?.connected);
  return {
    market,
    folder,
    node,
    async [Symbol.asyncDispose]() {
      await node[Symbol.asyncDispose]();
      await market[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

describe("a node", () => {
  it("bids its true cost, runs what it wins in the sandbox, and delivers a signed result with its logs", async () => {
    await using room = await setup({ STOA_NODE_COST: "base=0.002,kib=0.0001,second=0" });
    const { market, folder } = room;
    const task = await makeTask("text.shout", { text: "hello" });
    const round = await openRound(market, [folder.node], [task]);

    const bid = await market.next("sheet");
    const sheet = decodeTyped("BidSheet", bid.sheet);
    await requireSigner(domain, "BidSheet", sheet, bid.signature, folder.node);
    expect(bid.answers).toEqual([
      { orderHash: task.orderHash, agentVersion: shout.versionId, ask: "2100", promisedSeconds: 15, reason: 0 },
    ]);
    expect(sheet).toMatchObject({
      roundId: round.roundId,
      slots: 1,
      bond: 1_000n,
      answersRoot: answersRoot(bid.answers),
      expiresAt: task.order.deliverBy,
    });

    const assignment = await assign(folder, round, task, bid.answers[0]!);
    market.hub.send(folder.node, assignment);
    const award = decodeTyped("Award", assignment.award);
    const started = await market.next("started");
    expect(started).toMatchObject({ taskId: task.orderHash, awardHash: hashTyped(domain, "Award", award) });
    await requireSigner(domain, "Award", award, started.nodeSignature, folder.node);
    const delivered = await market.next("delivered");
    expect(delivered).toMatchObject({ executionId: started.executionId, output: { text: "HELLO" } });
    const receipt = decodeTyped("Receipt", delivered.receipt);
    expect(receipt).toEqual({ awardHash: started.awardHash, resultHash: hashJson({ text: "HELLO" }) });
    await requireSigner(domain, "Receipt", receipt, delivered.signature, folder.node);
    const order = market.heard
      .map(({ message }) => message.type)
      .filter((type) => type !== "sheet" && type !== "hosting");
    expect(order).toEqual(["started", "logged", "progressed", "delivered"]);
    expect(market.all("logged").flatMap(({ lines }) => lines.map(({ text }) => text))).toEqual([
      "reading 5 characters",
    ]);

    market.hub.send(folder.node, { type: "result.accepted", taskId: task.orderHash });
    await until("the status shows the earning", async () => {
      const status = JSON.parse(await readFile(join(folder.config.dataFolder, "status.json"), "utf8")) as {
        earned: string;
        delivered: number;
      };
      return status.earned === "2200" && status.delivered === 1;
    });
  });

  it("passes with the reason that stands in the way", async () => {
    await using room = await setup({ STOA_NODE_AGENTS: "shout,slow", STOA_NODE_COST: "base=0.01" });
    const { market, folder } = room;
    const soon = BigInt(Math.floor(Date.now() / 1_000) + 2);
    const cheap = await makeTask("text.shout", { text: "a" }, { maxPrice: 10_000n });
    const hasty = await makeTask("text.shout", { text: "a" }, { deliverBy: soon });
    const mean = await makeTask("text.shout", { text: "a" }, { royaltyCap: 1n });
    const forged = { ...(await makeTask("text.shout", { text: "a" })), orderSignature: cheap.orderSignature };
    const stranger = await makeTask("text.other", { text: "a" });
    await openRound(market, [folder.node], [cheap, hasty, mean, forged, stranger]);
    const sheet = await market.next("sheet");
    const codes = ["price_too_low", "deadline_too_short", "price_too_low", "order_not_covered", "no_agent"] as const;
    expect(sheet.answers.map(({ reason }) => reason)).toEqual(codes.map((code) => passReasons[code].code));
    expect(sheet.sheet.slots).toBe(0);
  });

  it("never offers more slots to concurrent rounds than it has free", async () => {
    await using room = await setup({ STOA_NODE_SLOTS: "3" });
    const { market, folder } = room;
    const tasks = await Promise.all(Array.from({ length: 4 }, () => makeTask("text.shout", { text: "a" })));
    await openRound(market, [folder.node], tasks.slice(0, 2), { windowMs: 5_000 });
    await openRound(market, [folder.node], tasks.slice(2), { windowMs: 5_000 });
    await until("both are answered", () => market.all("sheet").length === 2);
    expect(market.all("sheet").map(({ sheet }) => sheet.slots)).toEqual([2, 1]);
    const third = await makeTask("text.shout", { text: "b" });
    await openRound(market, [folder.node], [third]);
    const answered = await market.next("sheet", ({ answers }) => answers[0]!.orderHash === third.orderHash);
    expect(answered.answers[0]!.reason).toBe(passReasons.no_free_slot.code);
  });

  it("turns down an award that is not what it bid for, with a signed reason, and works for none of them", async () => {
    await using room = await setup();
    const { market, folder } = room;
    const bend = async (what: string, ...[changes]: [Parameters<typeof assign>[4]]) => {
      const task = await makeTask("text.shout", { text: what });
      const round = await openRound(market, [folder.node], [task]);
      const bid = await market.next("sheet", ({ answers }) => answers[0]!.orderHash === task.orderHash);
      market.hub.send(folder.node, await assign(folder, round, task, bid.answers[0]!, changes));
      const refused = await market.next("refused", ({ taskId }) => taskId === task.orderHash);
      const refusal = decodeTyped("Refusal", refused.refusal);
      expect(refusal.reasonHash).toBe(hashJson(refused.reason));
      await requireSigner(domain, "Refusal", refusal, refused.signature, folder.node);
      return refused.reason;
    };
    expect(await bend("paid less than asked", { price: 600n })).toMatch(/^invalid_bid: the award pays 100/);
    expect(await bend("no royalty", { award: { royalty: 0n } })).toMatch(
      /^invalid_bid: the award's royalty is 0, the version's is 500/,
    );
    expect(await bend("paid elsewhere", { award: { payout: domain.vault } })).toMatch(/^invalid_order: the award pays/);
    expect(await bend("not the operator's", { message: { operatorSignature: `0x${"11".repeat(65)}` } })).toMatch(
      /^wrong_signature/,
    );
    expect(await bend("another input", { message: { input: { text: "swapped" } } })).toMatch(
      /^wrong_hash: the input's hash/,
    );
    expect(await bend("another agent", { message: { agentVersion: slow.versionId } })).toMatch(
      /^invalid_bid: the bid was with version/,
    );
    expect(await bend("another round", { message: { roundId: hashJson(1) } })).toMatch(
      /^invalid_bid: this node did not bid/,
    );
    expect(
      await bend("a hold of another order", {
        message: { holdReceipt: { ...(await assignmentHold()), orderHash: hashJson(2) } },
      }),
    ).toMatch(/^invalid_order: the hold is/);
    expect(market.all("started")).toEqual([]);
    expect(market.hub.online().get(folder.node)?.running).toEqual([]);
  });

  it("ignores a round that the operator did not open, or that does not ask it", async () => {
    await using room = await setup();
    const { market, folder } = room;
    const task = await makeTask("text.shout", { text: "a" });
    const round = await openRound(market, [folder.node], [task], { asked: [] });
    market.hub.send(folder.node, { ...round, signature: `0x${"11".repeat(65)}` });
    market.hub.send(folder.node, { ...round, roundId: hashJson("another") });
    const good = await makeTask("text.shout", { text: "b" });
    await openRound(market, [folder.node], [good]);
    await market.next("sheet");
    expect(market.all("sheet").map(({ answers }) => answers[0]!.orderHash)).toEqual([good.orderHash]);
  });

  it("reports an agent that fails, with the reason, and goes on", async () => {
    await using room = await setup();
    const { market, folder } = room;
    for (const [input, reason] of [
      [{}, "crashed"],
      [{ text: "fine" }, null],
    ] as const) {
      const task = await makeTask("text.shout", input);
      const round = await openRound(market, [folder.node], [task]);
      const bid = await market.next("sheet", ({ answers }) => answers[0]!.orderHash === task.orderHash);
      market.hub.send(folder.node, await assign(folder, round, task, bid.answers[0]!));
      if (reason) expect(await market.next("agent.failed")).toMatchObject({ taskId: task.orderHash, reason });
      else expect(await market.next("delivered")).toMatchObject({ taskId: task.orderHash, output: { text: "FINE" } });
    }
  });

  it("does an assignment that comes twice once", async () => {
    await using room = await setup();
    const { market, folder } = room;
    const task = await makeTask("text.shout", { text: "once" });
    const round = await openRound(market, [folder.node], [task]);
    const bid = await market.next("sheet");
    const assignment = await assign(folder, round, task, bid.answers[0]!);
    market.hub.send(folder.node, assignment);
    market.hub.send(folder.node, { ...assignment });
    await market.next("delivered");
    market.hub.send(folder.node, { ...assignment });
    const other = await makeTask("text.shout", { text: "other" });
    await openRound(market, [folder.node], [other]);
    await market.next("sheet", ({ answers }) => answers[0]!.orderHash === other.orderHash);
    expect([market.all("started").length, market.all("delivered").length]).toEqual([1, 1]);
  });

  it("stops work the market withdraws, and reports nothing for it", async () => {
    await using room = await setup();
    const { market, folder } = room;
    const task = await makeTask("time.wait", { ms: 15_000 });
    const round = await openRound(market, [folder.node], [task]);
    const bid = await market.next("sheet");
    market.hub.send(folder.node, await assign(folder, round, task, bid.answers[0]!));
    await until("it runs", () => market.hub.online().get(folder.node)?.running.includes(task.orderHash));
    market.hub.send(folder.node, {
      type: "assignment.withdrawn",
      taskId: task.orderHash,
      reason: "the requester cancelled",
    });
    await until("it stopped", () => market.hub.online().get(folder.node)?.running.length === 0);
    expect(market.all("delivered").length + market.all("agent.failed").length).toBe(0);
  });

  it("hosts an agent published while it runs", async () => {
    await using room = await setup();
    const { market, folder } = room;
    const fresh = makeAgent(
      "reverse",
      "text.reverse",
      `export function run(input) { return { text: [...input.text].reverse().join("") }; }`,
    );
    market.agents.push(fresh);
    market.hub.send(folder.node, {
      type: "agent.published",
      agentVersion: fresh.versionId,
      name: "reverse",
      capabilities: ["text.reverse"],
    });
    await until("it is hosted", () => market.hub.online().get(folder.node)?.agents.has(fresh.versionId));
  });

  it("does not host an agent whose bytes are not what its manifest says", async () => {
    const tampered = { ...makeAgent("evil", "text.evil", "export function run() { return {}; }") };
    tampered.source = Buffer.from("export function run() { return { evil: true }; }");
    await using market = await startMarket([shout, tampered]);
    await using folder = await nodeFolder(market);
    await using node = await startNode(folder.config, pino({ level: "silent" }));
    await until("it is online", () => market.hub.online().get(node.nodeId)?.connected);
    expect([...market.hub.online().get(node.nodeId)!.agents]).toEqual([shout.versionId]);
  });

  it("drains: takes no more, finishes what runs, and then ends", async () => {
    await using room = await setup();
    const { market, folder, node } = room;
    const task = await makeTask("time.wait", { ms: 1_500 });
    const round = await openRound(market, [folder.node], [task]);
    const bid = await market.next("sheet");
    market.hub.send(folder.node, await assign(folder, round, task, bid.answers[0]!));
    await market.next("started");
    const drained = node.drain();
    const late = await makeTask("text.shout", { text: "late" });
    await openRound(market, [folder.node], [late]);
    const passed = await market.next("sheet", ({ answers }) => answers[0]!.orderHash === late.orderHash);
    expect(passed.answers[0]!.reason).toBe(passReasons.draining.code);
    await drained;
    expect(market.all("delivered")).toHaveLength(1);
    expect(node.state().status).toBe("stopped");
  });

  it("does not start with a bond under the market's least, or without a link for its key", async () => {
    await using market = await startMarket();
    await using folder = await nodeFolder(market);
    await using other = await nodeFolder(market);
    const wrong = async (config: object) => await startNode({ ...folder.config, ...config });
    const code = "invalid_configuration";
    await expect(wrong({ bond: "0.0001" })).rejects.toMatchObject({
      code,
      message: "STOA_NODE_BOND is 100 units, the market asks at least 1000",
    });
    await expect(wrong({ linkFile: other.config.linkFile })).rejects.toMatchObject({
      code,
      message: expect.stringContaining(`links node ${other.node}`),
    });
    await expect(wrong({ linkFile: join(folder.config.dataFolder, "none") })).rejects.toMatchObject({
      code,
      message: expect.stringContaining("there is none"),
    });
    await expect(wrong({ linkFile: folder.config.keyFile })).rejects.toMatchObject({
      code,
      message: expect.stringContaining("{link, signature}"),
    });
  });

  it("refuses to share its data folder with another live process", async () => {
    await using room = await setup();
    const lock = join(room.folder.config.dataFolder, "lock");
    const { writeFile } = await import("node:fs/promises");
    await writeFile(lock, String(process.ppid));
    await expect(startNode(room.folder.config)).rejects.toMatchObject({ code: "data_locked" });
  });
});

async function assignmentHold() {
  const { encodeTyped } = await import("@stoa/protocol");
  const { requester, token } = await import("./market.ts");
  return encodeTyped("HoldReceipt", {
    requester: requester.address,
    token,
    orderHash: hashJson(0),
    cumulativeHeld: 1n,
  });
}
