import { once } from "node:events";
import { type EventRecord, topicOf } from "@stoa/protocol";
import { databaseKinds, randomKey, type TestDatabase } from "@stoa/testkit";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { type HttpFixture, startHttp } from "./http-fixture.ts";

const DEADLINE_MS = 10_000;

describe.each(databaseKinds.filter(({ name }) => name !== "PGlite in a folder"))("the live stream on $name", (kind) => {
  let opened: TestDatabase;
  let http: HttpFixture;
  const sockets: WebSocket[] = [];
  beforeAll(async () => {
    opened = await kind.start();
  });
  // A market of each test's own: its rounds see no other test's tasks.
  beforeEach(async () => {
    http = await startHttp(opened.database);
  });
  afterEach(async () => {
    sockets.splice(0).forEach((socket) => socket.terminate());
    await http[Symbol.asyncDispose]();
  });
  afterAll(() => opened[Symbol.asyncDispose]());

  /** A client that gathers what it is sent. */
  async function listen(query = "", options: { headers?: Record<string, string>; protocols?: string[] } = {}) {
    const url = `${http.url.replace("http", "ws")}/api/v1/events${query}`;
    const socket = new WebSocket(url, options.protocols ?? [], { headers: options.headers ?? {} });
    sockets.push(socket);
    const events: EventRecord[] = [];
    let frames = 0;
    socket.on("message", (data: Buffer) => {
      frames += 1;
      events.push(...(JSON.parse(data.toString()) as EventRecord[]));
    });
    await once(socket, "open");
    const until = async (done: () => boolean) => {
      const deadline = Date.now() + DEADLINE_MS;
      while (!done()) {
        if (Date.now() > deadline)
          throw new Error(`not within ${DEADLINE_MS} ms; it had ${events.map(({ type }) => type).join(", ")}`);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    };
    return { socket, events, until, frames: () => frames };
  }

  function refusal(query: string, headers: Record<string, string> = {}): Promise<number | undefined> {
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(`${http.url.replace("http", "ws")}/api/v1/events${query}`, { headers });
      sockets.push(socket);
      socket.on("error", () => {});
      socket.on("unexpected-response", (_request, response) => {
        response.resume();
        resolve(response.statusCode);
      });
      socket.on("open", () => reject(new Error("it was let in")));
    });
  }

  const openTasks = async (count: number) => {
    const requester = await http.market.requester(BigInt(count) * 100_000n);
    await Promise.all(Array.from({ length: count }, () => http.market.submit(requester)));
  };

  test("events come as they happen, in order", async () => {
    const { events, until } = await listen();
    await openTasks(20);
    await until(() => events.filter(({ type }) => type === "task.opened").length === 20);
    const seqs = events.map(({ seq }) => seq);
    expect(seqs).toEqual(seqs.toSorted((a, b) => a - b));
  });

  test("a client resumes from its last event without a gap or a double, while events keep coming", async () => {
    await openTasks(600);
    let writing = true;
    const writer = (async () => {
      while (writing) await openTasks(25);
    })();
    const [first] = await opened.database.query<{ seq: bigint }>("select max(seq) as seq from events");
    const start = Number(first?.seq) - 600;
    const all = await listen(`?after=${start}`);
    await all.until(() => all.events.length > 650);
    // Clients come and go at different places of the log.
    const parts = await Promise.all(
      Array.from({ length: 5 }, async (_, i) => {
        const after = all.events[i * 30]?.seq ?? 0;
        const client = await listen(`?after=${after}`);
        await client.until(() => client.events.length > 660 - i * 30);
        return { after, client };
      }),
    );
    writing = false;
    await writer;
    const [row] = await opened.database.query<{ seq: bigint }>(
      "select max(seq) as seq from events where audience is null",
    );
    const last = Number(row?.seq);
    for (const { after, client } of [{ after: start, client: all }, ...parts]) {
      await client.until(() => (client.events.at(-1)?.seq ?? 0) >= last);
      const stored = await opened.database.query<{ seq: bigint }>(
        "select seq from events where seq > $1 and seq <= $2 and audience is null order by seq",
        [after, client.events.at(-1)?.seq ?? 0],
      );
      expect(client.events.map(({ seq }) => seq)).toEqual(stored.map(({ seq }) => Number(seq)));
    }
  });

  test("an account sees its own events besides the public ones, and nobody else does", async () => {
    const { market } = http;
    const requester = await market.requester();
    const token = await http.signIn(requester);
    const reader = await http.keyOf(requester, ["tasks:read"]);
    const other = await http.signIn(randomKey());
    const narrow = await http.keyOf(requester, ["account:read"]);
    const insiders = [
      await listen(`?token=${token}`),
      await listen("", { headers: { authorization: `Bearer ${token}` } }),
      await listen("", { headers: { "x-api-key": reader } }),
      await listen("", { protocols: ["stoa.events", token] }),
    ];
    const outsiders = [await listen(), await listen(`?token=${other}`), await listen(`?token=${narrow}`)];
    const taskId = await market.submit(requester);
    const node = await market.node();
    await market.round([[node, 5_000n]]);
    await market.start(taskId, node);
    const lines = [{ atMs: market.now(), text: "for the requester" }];
    await market.market.logExecution({ taskId, node: node.key.address, executionId: "e0e0e0e0", firstSeq: 0, lines });
    await market.deliver(taskId, node);
    for (const { events, until } of [...insiders, ...outsiders])
      await until(() => events.some(({ type }) => type === "task.delivered"));
    for (const { events } of insiders) expect(events.map(({ type }) => type)).toContain("execution.logged");
    for (const { events } of outsiders) expect(events.map(({ type }) => type)).not.toContain("execution.logged");
    const backfilled = await listen(`?after=0&token=${token}`);
    await backfilled.until(() => backfilled.events.some(({ type }) => type === "execution.logged"));
    const read = await http.call("GET", "events?after=0&limit=500");
    expect(JSON.stringify(read.body)).not.toContain("for the requester");
  });

  test("a client hears of the topics it chose alone, before and after it came, by either transport", async () => {
    const { market } = http;
    await openTasks(3);
    const auctions = await listen("?after=0&topics=auction_events");
    const nodes = await listen("?topics=node_status,payment_notifications");
    const stream = await fetch(`${http.url}/api/v1/events/stream?after=0&topics=auction_events`);
    const requester = await market.requester();
    const node = await market.node();
    await market.submit(requester);
    await market.round([[node, 5_000n]]);
    await auctions.until(() => auctions.events.some(({ type }) => type === "round.closed"));
    await nodes.until(() => nodes.events.some(({ type }) => type.startsWith("node.")));
    expect(new Set(auctions.events.map(({ type }) => topicOf(type)))).toEqual(new Set(["auction_events"]));
    expect(nodes.events.map(({ type }) => type).filter((type) => /^(task|round)/.test(type))).toEqual([]);
    let text = "";
    for await (const chunk of stream.body!) {
      text += Buffer.from(chunk).toString();
      if (text.includes("round.closed")) break;
    }
    expect(text).not.toContain('"type":"task.');
    const listed = (await http.call("GET", "events?after=0&topics=node_status")).body as {
      events: EventRecord[];
      next: number;
    };
    expect(listed.events.every(({ type }) => topicOf(type) === "node_status")).toBe(true);
    expect(listed.next).toBeGreaterThanOrEqual(listed.events.at(-1)?.seq ?? 0);
    expect(await refusal("?topics=everything")).toBe(400);
  });

  test("a wrong token, place or path is refused before the upgrade", async () => {
    expect(await refusal("?token=nonsense")).toBe(401);
    expect(await refusal("", { "x-api-key": "stoa_wrong" })).toBe(401);
    expect(await refusal("?after=-1")).toBe(400);
    expect(await refusal("?after=x")).toBe(400);
    expect(await refusal("/elsewhere")).toBe(404);
  });

  test("a client that does not read is dropped, and the others do not wait for it", async () => {
    const { market } = http;
    const requester = await market.requester();
    const token = await http.signIn(requester);
    const fast = await listen();
    const slow = await listen(`?token=${token}`);
    slow.socket.pause();
    const node = await market.node();
    const clients = async () =>
      Number(/^stoa_live_clients (\d+)$/m.exec(String((await http.call("GET", "/metrics")).body))?.[1]);
    const text = "x".repeat(60_000);
    const deadline = Date.now() + DEADLINE_MS;
    // Whatever the system's own buffers hold comes on top of what the server lets wait; a task's log is bounded.
    while ((await clients()) === 2) {
      expect(Date.now()).toBeLessThan(deadline);
      const taskId = await market.submit(requester);
      await market.round([[node, 5_000n]]);
      await market.start(taskId, node);
      const lines = Array.from({ length: 4 }, () => ({ atMs: market.now(), text }));
      const execution = { taskId, node: node.key.address };
      await market.market.logExecution({ ...execution, executionId: "e0e0e0e0", firstSeq: 0, lines });
      await market.market.failExecution({ ...execution, reason: "log_limit", message: "it wrote too much" });
    }
    const last = await market.submit(requester);
    await fast.until(() =>
      fast.events.some(({ type, data }) => type === "task.opened" && (data as { taskId: string }).taskId === last),
    );
    const seen = slow.events.at(-1)?.seq ?? 0;
    const back = await listen(`?after=${seen}&token=${token}`);
    await back.until(() => back.events.some(({ type, seq }) => type === "task.opened" && seq > seen));
  });

  test("closing the server ends every stream", async () => {
    const second = await startHttp(opened.database);
    const socket = new WebSocket(`${second.url.replace("http", "ws")}/api/v1/events`);
    await once(socket, "open");
    const closed = once(socket, "close");
    await second[Symbol.asyncDispose]();
    const [code] = (await closed) as [number];
    expect([1001, 1006]).toContain(code);
  });
});
