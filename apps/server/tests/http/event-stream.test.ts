import { once } from "node:events";
import { connect, type Socket } from "node:net";
import type { EventRecord } from "@stoa/protocol";
import { databaseKinds, randomKey, type TestDatabase } from "@stoa/testkit";
import { EventSource } from "eventsource";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { type HttpFixture, startHttp } from "./http-fixture.ts";

const PATIENCE = { timeout: 20_000, interval: 10 };
const TASKS = 25;

let opened: TestDatabase;
let http: HttpFixture;
const sources: EventSource[] = [];
beforeAll(async () => {
  opened = await databaseKinds[0]!.start();
});
beforeEach(async () => {
  http = await startHttp(opened.database);
});
afterEach(async () => {
  sources.splice(0).forEach((source) => source.close());
  await http[Symbol.asyncDispose]();
});
afterAll(() => opened[Symbol.asyncDispose]());

/** A browser's EventSource that gathers what it is sent. */
async function listen(query = "") {
  const source = new EventSource(`${http.url}/api/v1/events/stream${query}`);
  sources.push(source);
  const events: EventRecord[] = [];
  source.addEventListener("message", ({ data, lastEventId }) => {
    const event = JSON.parse(data as string) as EventRecord;
    expect(lastEventId).toBe(String(event.seq));
    events.push(event);
  });
  await once(source as unknown as EventTarget, "open");
  const until = (type: string, count = 1) =>
    vi.waitFor(
      () => expect(events.filter((event) => event.type === type).length).toBeGreaterThanOrEqual(count),
      PATIENCE,
    );
  return { source, events, until };
}

async function openTasks(count: number): Promise<void> {
  const requester = await http.market.requester(BigInt(count) * 100_000n);
  await Promise.all(Array.from({ length: count }, () => http.market.submit(requester)));
}

test("events come as they happen, and a client that lost its connection goes on where it was", async () => {
  const { events, until } = await listen();
  await openTasks(TASKS);
  await until("task.opened", TASKS);
  http.app.server.closeAllConnections();
  await openTasks(TASKS);
  await until("task.opened", 2 * TASKS);
  const stored = await opened.database.query<{ seq: bigint }>(
    "select seq from events where seq between $1 and $2 and audience is null order by seq",
    [events[0]!.seq, events.at(-1)!.seq],
  );
  expect(events.map(({ seq }) => seq)).toEqual(stored.map(({ seq }) => Number(seq)));
});

test("what happened before is sent from the place that is asked for", async () => {
  await openTasks(TASKS);
  const [first] = await opened.database.query<{ seq: bigint }>("select max(seq) as seq from events");
  const { events, until } = await listen(`?after=${Number(first!.seq) - 10}`);
  await until("task.opened");
  await vi.waitFor(() => expect(events.at(-1)?.seq).toBe(Number(first!.seq)), PATIENCE);
});

test("a task's log reaches its requester while it is written, and nobody else", async () => {
  const { market } = http;
  const requester = await market.requester();
  const mine = await listen(`?token=${await http.signIn(requester)}`);
  const others = [await listen(), await listen(`?token=${await http.signIn(randomKey())}`)];
  const taskId = await market.submit(requester);
  const node = await market.node();
  await market.round([[node, 5_000n]]);
  await market.start(taskId, node);
  const lines = [{ atMs: market.now(), text: "for the requester" }];
  await market.market.logExecution({ taskId, node: node.key.address, executionId: "e0e0e0e0", firstSeq: 0, lines });
  await mine.until("execution.logged");
  await market.deliver(taskId, node);
  for (const other of others) {
    await other.until("task.delivered");
    expect(other.events.map(({ type }) => type)).not.toContain("execution.logged");
  }
});

test("a wrong token or place is refused with a problem", async () => {
  const status = async (query: string, headers: Record<string, string> = {}) =>
    (await http.call("GET", `events/stream${query}`, { headers })).status;
  expect(await status("?token=nonsense")).toBe(401);
  expect(await status("", { "x-api-key": "stoa_wrong" })).toBe(401);
  expect(await status("?after=-1")).toBe(400);
  expect(await status("", { "last-event-id": "yesterday" })).toBe(400);
});

async function openRaw(query: string): Promise<Socket> {
  const { hostname, port, host } = new URL(http.url);
  const socket = connect(Number(port), hostname);
  socket.on("error", () => undefined);
  socket.write(`GET /api/v1/events/stream${query} HTTP/1.1\r\nhost: ${host}\r\n\r\n`);
  await once(socket, "data");
  return socket;
}

test("a client that does not read is dropped", { timeout: 60_000 }, async () => {
  const { market } = http;
  const requester = await market.requester(10_000_000n);
  const socket = await openRaw(`?token=${await http.signIn(requester)}`);
  socket.pause();
  const node = await market.node();
  const clients = async () =>
    Number(/^stoa_live_clients (\d+)$/m.exec(String((await http.call("GET", "/metrics")).body))?.[1]);
  expect(await clients()).toBe(1);
  const text = "x".repeat(60_000);
  // Whatever the system's own buffers hold comes on top of what the server lets wait; a task's log is bounded.
  while ((await clients()) === 1) {
    const taskId = await market.submit(requester);
    await market.round([[node, 5_000n]]);
    await market.start(taskId, node);
    const lines = Array.from({ length: 4 }, () => ({ atMs: market.now(), text }));
    const execution = { taskId, node: node.key.address };
    await market.market.logExecution({ ...execution, executionId: "e0e0e0e0", firstSeq: 0, lines });
    await market.market.failExecution({ ...execution, reason: "log_limit", message: "it wrote too much" });
  }
  socket.destroy();
});

test("closing the server ends every stream", async () => {
  const socket = await openRaw("");
  const closed = once(socket.resume(), "close");
  await http.app.close();
  expect(await closed).toEqual([false]);
});
