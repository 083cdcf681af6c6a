import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type Database, ensurePartitions, listArchives, openDatabase } from "@stoa/store";
import { ledgerProblems, type PostgresServer, startPostgres } from "@stoa/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { OLD_MONTH, type OldMarket, openOldMarket, textOf } from "./archive-fixture.ts";

const MAIN = join(import.meta.dirname, "..", "..", "src", "archive-main.ts");
const PARTITIONS = ["entries_p20260101", "events_p20260101", "execution_logs_p20260101", "sheets_p20260101"];
/** Enough that entries and events take several pages each. */
const BULK = 20_000;

let server: PostgresServer;
let url: string;
let database: Database;
let old: OldMarket;
let dataFolder: string;
let before: string[];

beforeAll(async () => {
  server = await startPostgres();
  url = await server.createDatabase("market");
  database = await openDatabase({ url });
  dataFolder = await mkdtemp(join(tmpdir(), "stoa-archive-"));
  await mkdir(join(dataFolder, "objects"), { recursive: true });
  old = await openOldMarket(database);
  await database.script(`
    insert into entries (posting_id, account, amount, kind, posted_at)
    select 'deposit:' || n, account, amount, 'deposit', timestamptz '2026-01-20Z' + n * interval '1 second'
      from generate_series(1, ${BULK}) as n, (values ('chain', -1), ('platform', 1)) as side (account, amount);
    update balances set amount = amount + case account when 'chain' then -${BULK} else ${BULK} end
     where account in ('chain', 'platform');
    insert into events (type, at, data)
    select 'account.deposited', timestamptz '2026-01-20Z' + n * interval '1 second', jsonb_build_object('amount', n)
      from generate_series(1, ${BULK}) as n;
  `);
  await ensurePartitions(database);
  before = await Promise.all(PARTITIONS.map((name) => textOf(database, name)));
});
afterAll(async () => {
  await old?.[Symbol.asyncDispose]();
  await database?.close();
  await server?.stop();
  await rm(dataFolder, { recursive: true, force: true });
});

interface Ran {
  code: number | null;
  out: string;
  /** Whether it was killed where it was to be. */
  killed: boolean;
}

/** Runs the operator's command, and kills it the `nth` time that it tells progress of this kind. */
async function command(args: string[], killAt?: { line: RegExp; nth: number }): Promise<Ran> {
  const env = { ...process.env, DATABASE_URL: url, STOA_DATA: dataFolder };
  const child = spawn(process.execPath, [MAIN, ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
  const exited = once(child, "exit") as Promise<[number | null]>;
  let out = "";
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
  let seen = 0;
  let killed = false;
  for await (const line of createInterface({ input: child.stderr })) {
    if (!killAt?.line.test(line) || (seen += 1) !== killAt.nth || killed) continue;
    killed = child.kill("SIGKILL");
  }
  const [code] = await exited;
  return { code, out, killed };
}

const RUN = ["run", "--older-than-days", "30", "--json"];

test("the market is sound before", async () => {
  expect(await ledgerProblems(database)).toEqual([]);
  expect(before.map((text) => text.split("\n").length > 2)).toEqual(PARTITIONS.map(() => true));
});

test.each([
  { line: /^entries.*: writing/, nth: 1 },
  { line: /^entries.*: writing/, nth: 3 },
  { line: /^entries.*: checking/, nth: 2 },
  { line: /^entries.*: dropping/, nth: 1 },
  { line: /^events.*: writing/, nth: 2 },
  { line: /^events.*: checking/, nth: 1 },
  { line: /^events.*: dropping/, nth: 1 },
  { line: /^sheets.*: dropping/, nth: 1 },
])("an archive killed at $line ($nth) leaves the ledger whole", async (killAt) => {
  expect(await command(RUN, killAt)).toMatchObject({ killed: true });
  expect(await ledgerProblems(database)).toEqual([]);
});

test("run to its end after all of that, nothing is lost and nothing is there twice", async () => {
  expect(await command(RUN)).toMatchObject({ code: 0 });
  const archives = await listArchives(database);
  expect(archives.map(({ partition, state }) => ({ partition, state }))).toEqual(
    PARTITIONS.map((partition) => ({ partition, state: "archived" })),
  );
  expect(await database.query("select 1 from entries limit 1")).toEqual([]);
  expect(await ledgerProblems(database)).toEqual([]);
  const { code, out } = await command(["check", "--json"]);
  expect(code).toBe(0);
  const { archives: checked } = JSON.parse(out) as { archives: { partition: string; rows: number }[] };
  expect(Object.fromEntries(checked.map(({ partition, rows }) => [partition, rows]))).toEqual(
    Object.fromEntries(PARTITIONS.map((name, i) => [name, before[i]!.split("\n").length])),
  );
  expect(JSON.parse((await command(RUN)).out)).toEqual({ partitions: [] });
});

test.each([
  { line: /: reading/, nth: 1 },
  { line: /: reading/, nth: 3 },
  { line: /: checking/, nth: 2 },
])("a restore killed at $line ($nth) leaves the ledger whole", async (killAt) => {
  expect(await command(["restore", "entries_p20260101"], killAt)).toMatchObject({ killed: true });
  expect(await ledgerProblems(database)).toEqual([]);
});

test("restored after all of that, every partition is what it was, to the byte", async () => {
  for (const name of PARTITIONS) expect(await command(["restore", name])).toMatchObject({ code: 0 });
  expect(await Promise.all(PARTITIONS.map((name) => textOf(database, name)))).toEqual(before);
  expect(await ledgerProblems(database)).toEqual([]);
  const { out } = await command(["list", "--json"]);
  const { partitions } = JSON.parse(out) as { partitions: { partition: string; state: string; from: string }[] };
  expect(partitions.filter(({ state }) => state === "restored").map(({ partition }) => partition)).toEqual(PARTITIONS);
  expect(partitions[0]?.from).toBe(new Date(OLD_MONTH.from).toISOString().slice(0, 10));
});

test("a partition that readers are using is waited for, and their reads go through", async () => {
  const reading = Promise.withResolvers<void>();
  const done = Promise.withResolvers<void>();
  const reader = database.transaction(async (tx) => {
    await tx.query("select count(*) from sheets");
    reading.resolve();
    await done.promise;
    return (await tx.query<{ rows: bigint }>("select count(*) as rows from sheets_p20260101"))[0]!.rows;
  });
  await reading.promise;
  const running = command([...RUN, "--partition", "sheets_p20260101"]);
  await expect
    .poll(() => database.query("select 1 from pg_locks where not granted and mode = 'AccessExclusiveLock'"), {
      timeout: 20_000,
    })
    .not.toEqual([]);
  done.resolve();
  expect(await reader).toBe(BigInt(before[3]!.split("\n").length));
  expect(await running).toMatchObject({ code: 0 });
  expect(await ledgerProblems(database)).toEqual([]);
});
