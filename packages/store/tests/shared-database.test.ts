import { appendEvents, type Database, holdLane, openDatabase, placeEvents } from "@stoa/store";
import { type PostgresServer, startPostgres } from "@stoa/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";

let server: PostgresServer;
let url: string;
const opened: Database[] = [];

beforeAll(async () => {
  server = await startPostgres();
  url = await server.createDatabase("market");
});
afterAll(async () => {
  for (const database of opened) await database.close();
  await server.stop();
});

async function open(): Promise<Database> {
  const database = await openDatabase({ url });
  opened.push(database);
  return database;
}

/** What a database's session heard, and a wait for the next thing it hears. */
function ear(database: Database, channel: string) {
  const heard: (string | null)[] = [];
  let wake = () => {};
  const stop = database.listen(channel, (payload) => {
    heard.push(payload);
    wake();
  });
  const untilHeard = async (payload: string | null) => {
    while (!heard.includes(payload)) await new Promise<void>((resolve) => (wake = resolve));
    return heard.splice(0);
  };
  return { heard, stop, untilHeard };
}

/** Ends every connection that listens or holds a lease, as a restart of the server does. */
async function endSessions(database: Database): Promise<void> {
  await database.query(
    "select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
  );
}

test("a process hears what others tell, and not what it tells itself", async () => {
  const [first, second] = [await open(), await open()];
  const ear1 = ear(first, "news");
  const ear2 = ear(second, "news");
  await Promise.all([ear1.untilHeard(null), ear2.untilHeard(null)]);
  await first.query("select pg_notify('news', 'of the first')");
  await second.query("select pg_notify('news', 'of the second')");
  expect(await ear1.untilHeard("of the second")).toEqual(["of the second"]);
  expect(await ear2.untilHeard("of the first")).toEqual(["of the first"]);
});

test("a batch is told to others once, after its commit, with the log's last number", async () => {
  const [first, second] = [await open(), await open()];
  const other = ear(second, "stoa_events");
  await other.untilHeard(null);
  const event = { type: "task.accepted", audience: null, data: { taskId: "0x01" } } as const;
  const seqs = await first.transaction(async (tx) => {
    await holdLane(tx);
    const events = [event, event, event];
    const [statement] = appendEvents(events, 1_000);
    const appended = placeEvents(events, 1_000, await tx.query(statement!.text, statement!.params));
    expect(other.heard).toEqual([]);
    return appended.map(({ seq }) => seq);
  });
  expect(seqs).toEqual([seqs[0]!, seqs[0]! + 1, seqs[0]! + 2]);
  expect(await other.untilHeard(String(seqs[2]))).toEqual([String(seqs[2])]);
});

test("a session that breaks is opened again, and its listeners learn that they may have missed something", async () => {
  const [first, second] = [await open(), await open()];
  const { untilHeard } = ear(first, "news");
  await untilHeard(null);
  await endSessions(second);
  await untilHeard(null);
  await second.query("select pg_notify('news', 'after the break')");
  expect(await untilHeard("after the break")).toEqual(["after the break"]);
});

test("a lease has one holder, and is free when its holder's session ends, however it ends", async () => {
  const [first, second] = [await open(), await open()];
  const held = await first.tryLease("deadlines");
  expect(held?.aborted).toBe(false);
  expect(await first.tryLease("deadlines"), "asked again, it is the same").toBe(held);
  expect(await second.tryLease("deadlines")).toBeNull();
  expect(await second.tryLease("another")).not.toBeNull();
  await endSessions(second);
  if (!held?.aborted) await new Promise((resolve) => held?.addEventListener("abort", resolve, { once: true }));
  const taken = await second.tryLease("deadlines");
  expect(taken?.aborted).toBe(false);
  expect(await first.tryLease("deadlines")).toBeNull();
  await second.close();
  expect(taken?.aborted).toBe(true);
  expect(await first.tryLease("deadlines")).not.toBeNull();
});

test("the lane's instant is the database's, whatever this process's clock says", async () => {
  const database = await open();
  const RealDate = Date;
  globalThis.Date = class extends RealDate {
    static override now = () => RealDate.now() + 3_600_000;
  } as DateConstructor;
  try {
    const { now } = await database.transaction((tx) => holdLane(tx));
    expect(Math.abs(now - RealDate.now())).toBeLessThan(60_000);
  } finally {
    globalThis.Date = RealDate;
  }
});
