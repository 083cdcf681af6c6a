import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generatePrivateKey } from "viem/accounts";
import { describe, expect, it } from "vitest";
import { startProxy } from "./proxy.ts";
import { logged, setupHub, setupNode, started, taskId, until } from "./setup.ts";

const ids = (messages: readonly object[]) => messages.map((message) => (message as { taskId: string }).taskId);
const range = (count: number) => Array.from({ length: count }, (_, index) => taskId(index));

describe("a stream that breaks", () => {
  it("is replaced, and every numbered message arrives once and in order however often it is cut", async () => {
    await using market = await setupHub({ graceMs: 30_000 });
    await using proxy = await startProxy(() => market.hub.addresses()[0]!);
    await using one = await setupNode(proxy.addresses);
    await one.online();
    const count = 400;
    for (let index = 0; index < count; index += 1) {
      await one.node.send(index % 4 === 0 ? started(index) : logged(index, "x".repeat(2_000)));
      market.hub.send(one.id, { type: "result.accepted", taskId: taskId(index) });
      if (index % 100 === 50) {
        const before = one.heard.length;
        proxy.cut();
        await until("the node notices", () => one.node.state().status !== "online");
        expect(one.heard.length).toBeGreaterThanOrEqual(before);
        if (index % 200 === 50) await one.online();
      }
    }
    await until("all has arrived", () => market.heard.length >= count && one.heard.length >= count, 20_000);
    expect(await one.node.drained(5_000)).toBe(true);
    expect(ids(market.heard.map(({ message }) => message))).toEqual(range(count));
    expect(ids(one.heard)).toEqual(range(count));
    expect(market.events).toEqual([`online ${one.id}`]);
  });

  it("does not hand over again what was dealt with when only the acknowledgement was lost", async () => {
    await using market = await setupHub({ graceMs: 30_000 });
    await using proxy = await startProxy(() => market.hub.addresses()[0]!);
    let silenceAtFirst = true;
    const seen: string[] = [];
    await using one = await setupNode(proxy.addresses, {
      onMessage: async (message) => {
        seen.push((message as { taskId: string }).taskId);
        if (silenceAtFirst) proxy.silence(true);
        silenceAtFirst = false;
      },
    });
    await one.online();
    market.hub.send(one.id, { type: "result.accepted", taskId: taskId(0) });
    await until("it is dealt with", () => seen.length === 1);
    proxy.cut();
    proxy.silence(false);
    await until("it is away", () => one.node.state().status !== "online");
    await one.online();
    market.hub.send(one.id, { type: "result.accepted", taskId: taskId(1) });
    await until("the second arrives", () => seen.length >= 2);
    expect(seen).toEqual([taskId(0), taskId(1)]);
  });

  it("keeps what money depends on through the node's own end, and sends the rest of it no more", async () => {
    const folder = await mkdtemp(join(tmpdir(), "stoa-outbox-"));
    const privateKey = generatePrivateKey();
    const away = ["/ip4/127.0.0.1/tcp/1/p2p/16Uiu2HAm1Xz6eD5HJ5tPyeKUXJmzsPjpsPD5W5zL9gKX5bMGwJ3f"];
    try {
      {
        await using lost = await setupNode(() => away, { privateKey, outboxFolder: folder });
        await lost.node.send(started(1));
        await lost.node.send(logged(2));
        await lost.node.send(started(3));
        expect(await lost.node.send({ type: "hosting", slots: 1, agents: [] })).toBe(false);
        expect(lost.node.unacknowledged()).toBe(3);
      }
      await using market = await setupHub();
      {
        await using back = await setupNode(() => market.hub.addresses(), { privateKey, outboxFolder: folder });
        await back.node.send(started(4));
        expect(await back.node.drained(10_000)).toBe(true);
        expect(ids(market.heard.map(({ message }) => message))).toEqual([taskId(1), taskId(3), taskId(4)]);
      }
      await using again = await setupNode(() => market.hub.addresses(), { privateKey, outboxFolder: folder });
      await again.node.send(started(5));
      expect(await again.node.drained(10_000)).toBe(true);
      expect(ids(market.heard.map(({ message }) => message))).toEqual([taskId(1), taskId(3), taskId(4), taskId(5)]);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it("delivers again, to a market that starts anew, what the one before had not dealt with", async () => {
    const hubKey = generatePrivateKey();
    let addresses: string[] = [];
    const stuck = Promise.withResolvers<void>();
    const first = await setupHub({
      privateKey: hubKey,
      onMessage: (_node, message) => (message.type === "started" ? stuck.promise : Promise.resolve()),
    });
    addresses = first.hub.addresses();
    await using one = await setupNode(() => addresses);
    await one.online();
    await one.node.send(started(1));
    await until("it was sent", () => one.node.unacknowledged() === 1);
    const stopping = first.hub[Symbol.asyncDispose]();
    await until("the node notices", () => one.node.state().status !== "online");
    await using second = await setupHub({ privateKey: hubKey });
    addresses = second.hub.addresses();
    expect(await one.node.drained(10_000)).toBe(true);
    expect(ids(second.heard.map(({ message }) => message))).toEqual([taskId(1)]);
    stuck.resolve();
    await stopping;
  });

  it("is given up by the market when heartbeats stop, and the node is offline once its grace is over", async () => {
    await using market = await setupHub({ heartbeatTimeoutMs: 300, graceMs: 200 });
    await using proxy = await startProxy(() => market.hub.addresses()[0]!);
    await using one = await setupNode(proxy.addresses);
    await one.online();
    await until("it beats for a while", () => performance.now() > 0 && market.events.length === 1);
    proxy.silence(true);
    await until("it is offline", () =>
      market.events.some((event) => event.startsWith(`offline ${one.id} no heartbeat for 300 ms`)),
    );
    expect(market.hub.online().size).toBe(0);
    expect(market.hub.send(one.id, { type: "result.accepted", taskId: taskId(1) })).toBe(false);
    await until("the node gave the silent market up too", () => one.node.state().status !== "online");
    proxy.silence(false);
    await one.online();
    await until("it is back", () => market.events.length === 3);
    expect(market.events[2]).toBe(`online ${one.id}`);
  });

  it("does not take a node for gone that comes back within its grace", async () => {
    await using market = await setupHub({ graceMs: 5_000 });
    await using proxy = await startProxy(() => market.hub.addresses()[0]!);
    await using one = await setupNode(proxy.addresses);
    await one.online();
    proxy.cut();
    await until("the hub sees the cut", () => market.hub.online().get(one.id)?.connected === false);
    expect(market.hub.send(one.id, { type: "result.accepted", taskId: taskId(1) })).toBe(true);
    await until("it hears what was said meanwhile", () => one.heard.length === 1);
    expect(market.hub.online().get(one.id)?.connected).toBe(true);
    expect(market.events).toEqual([`online ${one.id}`]);
  });
});

describe("many nodes on one host", () => {
  it("fifty connect at once, hear a broadcast and answer it", async () => {
    await using market = await setupHub({ heartbeatTimeoutMs: 20_000 });
    await using nodes = new AsyncDisposableStack();
    const joined = await Promise.all(
      Array.from({ length: 50 }, async () => {
        const one = await setupNode(() => market.hub.addresses());
        nodes.use(one);
        return one;
      }),
    );
    await until("all are online", () => market.hub.online().size === 50, 30_000);
    const message = { type: "result.accepted" as const, taskId: taskId(1) };
    for (const { id } of joined) expect(market.hub.send(id, message)).toBe(true);
    await until("all heard it", () => joined.every(({ heard }) => heard.length === 1));
    await Promise.all(joined.map(({ node }, index) => node.send(logged(index))));
    await until("all answered", () => market.heard.length === 50);
    expect(market.log.lines.filter(({ level }) => level === "warn" || level === "error")).toEqual([]);
  });
});
