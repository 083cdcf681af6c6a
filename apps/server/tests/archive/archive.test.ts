import type { Transfer } from "@stoa/core";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  checkArchive,
  type Database,
  holdArchives,
  listArchives,
  listEvents,
  listPartitions,
  openDatabase,
  readManifest,
  readParts,
  restorePartition,
  runArchive,
  sendStatements,
  writePostings,
} from "@stoa/store";
import { databaseKinds, ledgerProblems, type PostgresServer, startPostgres, type TestDatabase } from "@stoa/testkit";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { OLD_MONTH, type OldMarket, openOldMarket, textOf } from "./archive-fixture.ts";

const OLD_PARTITIONS = [
  "entries_p20260101",
  "events_p20260101",
  "execution_logs_p20260101",
  "sheets_p20260101",
] as const;

let database: Database;
let old: OldMarket;

const partitionNames = async () => (await listPartitions(database)).map(({ name }) => name);
const restore = (name: string) => holdArchives(database, () => restorePartition(database, old.objects, name));

describe.each(databaseKinds.filter(({ name }) => name !== "PGlite in a folder"))("on $name", (kind) => {
  let opened: TestDatabase;
  beforeEach(async () => {
    opened = await kind.start();
    database = opened.database;
    old = await openOldMarket(database);
  });
  afterEach(async () => {
    await old[Symbol.asyncDispose]();
    await opened[Symbol.asyncDispose]();
  });

  test("an old month leaves for the object store, and the ledger still comes out to the unit", async () => {
    const before = await database.query(
      "select account, sum(amount) as amount from entries group by account order by 1",
    );
    const outcomes = await old.archive();
    expect(outcomes.map(({ partition, blocker }) => ({ partition, blocker }))).toEqual(
      OLD_PARTITIONS.map((partition) => ({ partition, blocker: null })),
    );
    expect(await partitionNames()).not.toEqual(expect.arrayContaining(["entries_p20260101"]));
    expect(await database.query("select 1 from entries")).toEqual([]);
    expect(
      await database.query("select account, sum(amount) as amount from archived_sums group by account order by 1"),
    ).toEqual(before);
    expect(await ledgerProblems(database)).toEqual([]);
    expect(await old.archive()).toEqual([]);
    await old.complete();
    expect(await ledgerProblems(database)).toEqual([]);
    await database.query("update archived_sums set amount = amount + 1 where account = 'platform'");
    expect(await ledgerProblems(database)).toEqual([expect.stringContaining("platform")]);
  });

  test("a posting whose entries are archived is still refused a second time", async () => {
    const post = (taskId: string) => {
      const transfers: Transfer[] = [{ from: "chain", to: "platform", amount: 1n }];
      const statements = writePostings(
        [{ id: `settle:${taskId}`, kind: "settle", taskId: null, transfers }],
        Date.now(),
      );
      return database.transaction((tx) => sendStatements(tx, statements));
    };
    await expect(post(old.settled[0]!)).rejects.toThrow(/postings_pkey/);
    await old.archive();
    await expect(post(old.settled[0]!)).rejects.toThrow(/postings_pkey/);
    await post("0xnever");
  });

  test("a restored partition is what it was, to the byte, however often it is restored", async () => {
    const before = await Promise.all(OLD_PARTITIONS.map((name) => textOf(database, name)));
    expect(before.every((text) => text.length > 100)).toBe(true);
    await old.archive();
    for (const name of [...OLD_PARTITIONS, ...OLD_PARTITIONS]) await restore(name);
    expect(await Promise.all(OLD_PARTITIONS.map((name) => textOf(database, name)))).toEqual(before);
    expect(await partitionNames()).toEqual(expect.arrayContaining([...OLD_PARTITIONS]));
    expect(await database.query("select 1 from archived_sums")).toEqual([]);
    expect(await ledgerProblems(database)).toEqual([]);
    const events = await listEvents(database, { after: 0, viewer: old.requester.address, limit: 500 });
    expect(events.at(0)?.seq).toBe(1);
    const taskId = await old.complete();
    expect((await listEvents(database, { after: events.at(-1)!.seq, viewer: null, limit: 9 }))[0]?.data).toMatchObject({
      taskId,
    });
  });
});

describe("of an archive", () => {
  let server: PostgresServer;
  let at = 0;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    database = await openDatabase({ url: await server.createDatabase(`archive${(at += 1)}`) });
    old = await openOldMarket(database);
  });
  afterEach(async () => {
    await old[Symbol.asyncDispose]();
    await database.close();
  });

  test("what is restored stays until it is named, and then joins the chain of manifests at its end", async () => {
    await old.archive();
    await restore("sheets_p20260101");
    expect(await old.archive()).toEqual([]);
    const [again] = await runArchive(database, old.objects, {
      endedBefore: OLD_MONTH.to,
      partition: "sheets_p20260101",
    });
    const chain = (await listArchives(database)).toSorted((a, b) => Number(a.id - b.id));
    expect(chain.at(-1)?.manifest).toBe(again?.manifest);
    let previous = null;
    for (const { manifest } of chain) {
      const read = await readManifest(old.objects, manifest!);
      expect(read.previous).toBe(previous);
      await checkArchive(old.objects, read);
      previous = manifest;
    }
    expect(chain).toHaveLength(OLD_PARTITIONS.length + 1);
  });

  test("an archive is lines of JSON that say every value, in the order of the key, with the sums its manifest names", async () => {
    const [row] = await database.query<{ data: unknown; seq: bigint }>(
      "select seq, data from events where type = 'execution.logged' order by seq limit 1",
    );
    await old.archive();
    const archives = await listArchives(database);
    const manifestOf = async (source: string) =>
      readManifest(old.objects, archives.find((archive) => archive.source === source)!.manifest!);
    const linesOf = async (source: string) => {
      const lines: Record<string, unknown>[] = [];
      for await (const part of readParts(old.objects, (await manifestOf(source)).parts))
        for (const line of part.toString().trimEnd().split("\n")) lines.push(JSON.parse(line) as never);
      return lines;
    };
    const events = await linesOf("events");
    expect(events.find(({ seq }) => seq === row!.seq.toString())).toEqual({
      at: new Date(OLD_MONTH.from + 10 * 86_400_000).toISOString().replace("Z", "000Z"),
      audience: old.requester.address,
      data: row!.data,
      seq: row!.seq.toString(),
      task_id: old.settled[0],
      type: "execution.logged",
    });
    expect(events.map(({ seq }) => Number(seq))).toEqual(events.map((_, i) => i + 1));
    const entries = (await linesOf("entries")) as unknown as { amount: string }[];
    expect((await manifestOf("entries")).amounts).toEqual({
      sum: "0",
      turnover: entries.reduce((sum, { amount }) => sum + (BigInt(amount) > 0n ? BigInt(amount) : 0n), 0n).toString(),
    });
  });

  test("a month with a task that is not over stays whole, and says which task", async () => {
    const taskId = await old.market.submit(old.requester);
    const outcomes = await old.archive();
    const blocker = expect.stringContaining(taskId) as string;
    expect(outcomes).toContainEqual({ partition: "entries_p20260101", manifest: null, blocker });
    expect(outcomes).toContainEqual({ partition: "events_p20260101", manifest: null, blocker });
    expect(await partitionNames()).toEqual(expect.arrayContaining(["entries_p20260101", "events_p20260101"]));
    await old.market.market.cancelTask({ taskId, requester: old.requester.address });
    expect((await old.archive()).map(({ blocker: none }) => none)).toEqual([null, null]);
    expect(await ledgerProblems(database)).toEqual([]);
  });

  test("an altered byte in an archive keeps it from being restored, and everything else as it is", async () => {
    await old.archive();
    const manifest = await readManifest(
      old.objects,
      (await listArchives(database)).find(({ source }) => source === "entries")!.manifest!,
    );
    const hash = manifest.parts[0]!.hash.slice(2);
    const path = join(old.objectsFolder, "sha256", hash.slice(0, 2), hash);
    const whole = await readFile(path);
    await writeFile(path, Buffer.concat([whole.subarray(0, -1), Buffer.from([whole.at(-1)! ^ 1])]));
    await expect(restore("entries_p20260101")).rejects.toMatchObject({ code: "internal" });
    expect(await partitionNames()).not.toContain("entries_p20260101");
    expect(await ledgerProblems(database)).toEqual([]);
    await writeFile(path, whole);
    await restore("entries_p20260101");
    expect(await ledgerProblems(database)).toEqual([]);
    expect((await readdir(join(old.objectsFolder, "incoming"))).length).toBe(0);
  });

  test("a row that changes while its partition is archived keeps it, and the next run writes what is there then", async () => {
    let isChanged = false;
    const objects = {
      ...old.objects,
      async get(hash: Parameters<typeof old.objects.get>[0]) {
        if (!isChanged) {
          isChanged = true;
          await database.query("update entries set kind = 'other' where posting_id = $1", [`hold:${old.settled[0]}`]);
        }
        return old.objects.get(hash);
      },
    };
    const run = () => runArchive(database, objects, { endedBefore: OLD_MONTH.to, partition: "entries_p20260101" });
    await expect(run()).rejects.toMatchObject({ code: "archive_blocked" });
    const before = await textOf(database, "entries_p20260101");
    expect(await run()).toMatchObject([{ blocker: null }]);
    await restore("entries_p20260101");
    expect(await textOf(database, "entries_p20260101")).toBe(before);
  });

  test("events of the next month that come before the last of an archived one are archived along", async () => {
    const stray = "insert into events (type, at, data) values ('account.deposited', $1, '{}') returning seq";
    const [next] = await database.query<{ seq: bigint }>(stray, [new Date(OLD_MONTH.to + 1)]);
    const [last] = await database.query<{ seq: bigint }>(stray, [new Date(OLD_MONTH.to - 1)]);
    await old.archive();
    const archive = (await listArchives(database)).find(({ source }) => source === "events")!;
    expect(archive.lastSeq).toBe(last!.seq);
    const { log } = await readManifest(old.objects, archive.manifest!);
    for await (const lines of readParts(old.objects, [log!.strays!]))
      expect(JSON.parse(lines.toString())).toMatchObject({ seq: next!.seq.toString() });
    expect(log?.strays?.rows).toBe(1);
  });
});
