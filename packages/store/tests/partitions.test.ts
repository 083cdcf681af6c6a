import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Database, ensurePartitions, listPartitions, migrate, sendStatements, writePostings } from "@stoa/store";
import { databaseKinds, startPostgres, type TestDatabase } from "@stoa/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openPglite } from "../src/database/open-pglite.ts";
import { openPostgres } from "../src/database/open-postgres.ts";

const MIGRATIONS = join(import.meta.dirname, "..", "src", "migrations");
const LATER = new Date(Date.UTC(2040, 4, 5));

/** Brings a database to what it was before its tables were split. */
async function migrateUntilSplit(database: Database): Promise<void> {
  await database.script(
    "create table migrations (name text primary key, checksum text not null, applied_at timestamptz default now())",
  );
  for (const name of (await readdir(MIGRATIONS)).toSorted().filter((file) => file < "0009")) {
    const text = await readFile(join(MIGRATIONS, name), "utf8");
    await database.script(text);
    const checksum = createHash("sha256").update(text).digest("hex");
    await database.query("insert into migrations (name, checksum) values ($1, $2)", [name, checksum]);
  }
}

const OLD_ROWS = `
  insert into rounds (id, capability, state, opening, opening_signature, snapshot, opened_at, closes_at)
  values ('r', 'c', 'open', '{}', '0x', '{}', now(), now());
  insert into events (type, at, data) values ('a', '2026-01-31T23:59:59.999Z', '{"n":1}'), ('b', '2026-02-01Z', '{"n":2}'), ('gone', now(), '{}');
  delete from events where type = 'gone';
  insert into entries (posting_id, account, amount, kind, posted_at)
  values ('p', 'chain', -5, 'deposit', '2026-01-15Z'), ('p', 'platform', 5, 'deposit', '2026-01-15Z');
  insert into sheets (round_id, node, sheet, signature, answers, receipt_signature, received_at)
  values ('r', 'n', '{"answersRoot":"0x1"}', '0x', '[]', '0x', '2025-12-15Z')`;

const before = {
  "PGlite in memory": async () => ({ database: (await openPglite()) as Database, end: async () => {} }),
  PostgreSQL: async () => {
    const server = await startPostgres();
    const database: Database = await openPostgres(await server.createDatabase("before"));
    return { database, end: () => server.stop() };
  },
};

test.each(Object.entries(before))(
  "what a market on %s had before its tables were split is all there, and the log goes on counting",
  async (_, open) => {
    const { database, end } = await open();
    try {
      await migrateUntilSplit(database);
      await database.script(OLD_ROWS);
      const read = () =>
        Promise.all(
          ["select * from events order by seq", "select * from entries order by account", "select * from sheets"].map(
            (text) => database.query(text),
          ),
        );
      const had = await read();
      expect(await migrate(database)).toContain("0009_partitions.sql");
      await ensurePartitions(database);
      expect(await read()).toEqual(had);
      const names = (await listPartitions(database)).map(({ name }) => name);
      expect(names).toEqual(
        expect.arrayContaining(["events_p20260101", "events_p20260201", "entries_p20260101", "sheets_p20251201"]),
      );
      expect(await database.query("select tableoid::regclass::text as place from events where type = 'a'")).toEqual([
        { place: "events_p20260101" },
      ]);
      const [next] = await database.query(
        "insert into events (type, at, data) values ('c', now(), '{}') returning seq",
      );
      expect(next).toEqual({ seq: 4n });
      const again = writePostings(
        [{ id: "p", kind: "deposit", taskId: null, transfers: [{ from: "chain", to: "faults", amount: 1n }] }],
        Date.now(),
      );
      await expect(database.transaction((tx) => sendStatements(tx, again))).rejects.toThrow(/postings_pkey/);
    } finally {
      await database.close();
      await end();
    }
  },
);

describe.each(databaseKinds.filter(({ name }) => name !== "PGlite in a folder"))("on $name", (kind) => {
  let opened: TestDatabase;
  let database: Database;
  beforeAll(async () => {
    opened = await kind.start();
    database = opened.database;
  });
  afterAll(() => opened[Symbol.asyncDispose]());

  test("a market opens with the partitions of this month and the next two", async () => {
    const now = new Date();
    const months = [0, 1, 2].map((ahead) => Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead));
    const partitions = await listPartitions(database);
    expect(partitions.filter(({ table }) => table === "events").map(({ from }) => from)).toEqual(months);
    expect(partitions).toHaveLength(4 * months.length);
    expect(await ensurePartitions(database)).toEqual([]);
  });

  test("a row for which there is no partition is taken, and moves to its own once that is made", async () => {
    const [written] = await database.query<{ seq: bigint; place: string }>(
      "insert into events (type, at, data) values ('late', $1, '{}') returning seq, tableoid::regclass::text as place",
      [LATER],
    );
    expect(written!.place).toBe("events_default");
    expect(await ensurePartitions(database)).toEqual(["events_p20400501"]);
    expect(
      await database.query("select seq, tableoid::regclass::text as place from events where type = 'late'"),
    ).toEqual([{ seq: written!.seq, place: "events_p20400501" }]);
  });

  test("days can follow months, and no range is covered twice", async () => {
    await ensurePartitions(database, { now: Date.UTC(2041, 0, 31), span: "day" });
    await ensurePartitions(database, { now: Date.UTC(2041, 0, 31), span: "month" });
    const of2041 = (await listPartitions(database)).filter(
      ({ table, from }) => table === "sheets" && from >= Date.UTC(2041, 0) && from < Date.UTC(2041, 4),
    );
    const ranges = of2041.map(({ from, to }) => [from, to]);
    expect(ranges[0]![0]).toBe(Date.UTC(2041, 0));
    expect(ranges.at(-1)![1]).toBe(Date.UTC(2041, 3));
    for (const [at, [from]] of ranges.entries()) if (at > 0) expect(from).toBe(ranges[at - 1]![1]);
  });
});

test("several processes that look at once make each partition once", async () => {
  const postgres = databaseKinds.find(({ shared }) => shared)!;
  await using opened = await postgres.start();
  const others = [opened.database, await opened.another(), await opened.another()];
  const made = await Promise.all(others.map((database) => ensurePartitions(database, { now: Date.UTC(2042, 0) })));
  const names = made.flat();
  expect(names).toHaveLength(12);
  expect(new Set(names).size).toBe(12);
});
