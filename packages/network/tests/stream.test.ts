import { StoaError } from "@stoa/protocol";
import { describe, expect, it } from "vitest";
import { checkNodeLink } from "../src/index.ts";
import { domain, logged, setupHub, setupNode, started, taskId, until } from "./setup.ts";

describe("a node's one stream to the market", () => {
  it("carries messages both ways, in order and whole", async () => {
    await using market = await setupHub();
    await using one = await setupNode(() => market.hub.addresses());
    await one.online();
    await until("the session is known", () => market.hub.online().has(one.id));
    for (let index = 0; index < 500; index += 1) void one.node.send(index % 50 === 0 ? started(index) : logged(index));
    for (let index = 0; index < 500; index += 1)
      expect(market.hub.send(one.id, { type: "result.accepted", taskId: taskId(index) })).toBe(true);
    await until("all is heard", () => market.heard.length === 500 && one.heard.length === 500);
    expect(market.heard.map(({ message }) => (message as { taskId: string }).taskId)).toEqual(
      Array.from({ length: 500 }, (_, index) => taskId(index)),
    );
    expect(one.heard.map((message) => (message as { taskId: string }).taskId)).toEqual(
      Array.from({ length: 500 }, (_, index) => taskId(index)),
    );
    expect(await one.node.drained(5_000)).toBe(true);
  });

  it("carries inputs and outputs of the largest size, many at once, without losing the stream", async () => {
    await using market = await setupHub();
    await using one = await setupNode(() => market.hub.addresses());
    await one.online();
    const text = "x".repeat(60_000);
    const lines = Array.from({ length: 17 }, () => ({ atMs: 1, text }));
    for (let index = 0; index < 30; index += 1) void one.node.send({ ...logged(index), lines });
    await until("30 MiB arrived", () => market.heard.length === 30, 30_000);
    expect(market.heard.map(({ message }) => (message.type === "logged" ? message.firstSeq : -1))).toEqual(
      Array.from({ length: 30 }, (_, index) => index),
    );
    expect(one.log.lines.filter((line) => line.level === "warn")).toEqual([]);
  });

  it("turns away a message no frame could carry, and goes on", async () => {
    await using market = await setupHub();
    await using one = await setupNode(() => market.hub.addresses());
    await one.online();
    const lines = Array.from({ length: 100 }, () => ({ atMs: 1, text: "x".repeat(60_000) }));
    await expect(one.node.send({ ...logged(1), lines })).rejects.toThrow(
      expect.objectContaining({ code: "too_large" }),
    );
    await one.node.send(logged(2));
    await until("the next is heard", () => market.heard.length === 1);
  });

  it("tells what it hosts and what is free without the hub asking", async () => {
    await using market = await setupHub();
    await using one = await setupNode(() => market.hub.addresses(), {
      heartbeat: () => ({ freeSlots: 1, running: [taskId(7)] }),
    });
    await one.online();
    await one.node.send({ type: "hosting", slots: 5, agents: [taskId(9)] });
    await until("the session shows it", () => {
      const session = market.hub.online().get(one.id);
      return (
        session?.slots === 5 &&
        session.freeSlots === 1 &&
        session.agents.has(taskId(9)) &&
        session.running[0] === taskId(7)
      );
    });
  });

  it("deals with a message again while the fault is worth retrying, and acknowledges only then", async () => {
    let away = 3;
    const seen: string[] = [];
    await using market = await setupHub({
      onMessage: async (_node, message) => {
        if (message.type === "heartbeat") return;
        seen.push(message.type);
        if (message.type === "started" && away-- > 0)
          throw new StoaError("database_unavailable", "the database is away");
      },
    });
    await using one = await setupNode(() => market.hub.addresses());
    await one.online();
    await one.node.send(started(1));
    await one.node.send(logged(1));
    expect(await one.node.drained(10_000)).toBe(true);
    expect(seen).toEqual(["started", "started", "started", "started", "logged"]);
  });

  it("lets a bid overtake a result whose database is away", async () => {
    const back = Promise.withResolvers<void>();
    const dealt: string[] = [];
    await using market = await setupHub({
      onMessage: async (_node, message) => {
        if (message.type === "started") await back.promise;
        if (message.type !== "heartbeat") dealt.push(message.type);
      },
    });
    await using one = await setupNode(() => market.hub.addresses());
    await one.online();
    await one.node.send(started(1));
    await one.node.send({ type: "hosting", slots: 1, agents: [] });
    await until("the later one is dealt with", () => dealt[0] === "hosting");
    expect(one.node.unacknowledged()).toBe(1);
    back.resolve();
    expect(await one.node.drained(5_000)).toBe(true);
    expect(dealt).toEqual(["hosting", "started"]);
  });

  it("tells that a node is there before anything the node says is dealt with, even when telling takes long", async () => {
    const told = Promise.withResolvers<void>();
    const order: string[] = [];
    await using market = await setupHub({
      onOnline: async () => {
        await told.promise;
        order.push("online");
      },
      onMessage: async (_node, message) => void (message.type === "heartbeat" || order.push(message.type)),
    });
    await using one = await setupNode(() => market.hub.addresses());
    await one.online();
    await one.node.send({ type: "hosting", slots: 1, agents: [] });
    await one.node.send(started(1));
    await until("the session shows it", () => market.hub.online().has(one.id));
    expect(order).toEqual([]);
    told.resolve();
    await until("all is dealt with", () => order.length === 3);
    expect(order[0]).toBe("online");
  });

  it("logs a message it cannot deal with, and goes on with the next", async () => {
    await using market = await setupHub({
      onMessage: async (_node, message) => {
        if (message.type === "started") throw new StoaError("wrong_state", "the task is settled");
      },
    });
    await using one = await setupNode(() => market.hub.addresses());
    await one.online();
    await one.node.send(started(1));
    expect(await one.node.drained(5_000)).toBe(true);
    expect(market.log.lines.filter((line) => line.level === "error")).toHaveLength(1);
  });

  it("turns a node away with the code and message of the refusal, and lets it in once it may come", async () => {
    let staked = false;
    await using market = await setupHub({
      authorise: async (hello) => {
        await checkNodeLink(domain, hello, Date.now());
        if (!staked) throw new StoaError("stake_too_small", "the node has staked 0, expected 5");
      },
    });
    await using one = await setupNode(() => market.hub.addresses());
    await until("it is told why", () => {
      const state = one.node.state();
      return state.status === "rejected" && state.code === "stake_too_small" && /expected 5/.test(state.reason);
    });
    expect(market.hub.online().size).toBe(0);
    staked = true;
    await one.online();
  });

  it("refuses a link that another wallet signed, or that is over", async () => {
    await using market = await setupHub();
    await using one = await setupNode(() => market.hub.addresses());
    const hello = { type: "hello" as const, ...one.options.hello(), session: "0".repeat(32) };
    expect(await checkNodeLink(domain, hello, Date.now())).toBe(hello.link.provider);
    const stolen = { ...hello, link: { ...hello.link, provider: domain.vault } };
    await expect(checkNodeLink(domain, stolen, Date.now())).rejects.toMatchObject({ code: "wrong_signature" });
    await expect(checkNodeLink(domain, hello, 4_000_000_001_000)).rejects.toMatchObject({ code: "unknown_node" });
  });
});
