import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Transfer } from "@stoa/core";
import { type Database, migrate, openDatabase, sendStatements, writePostings } from "@stoa/store";
import { databaseKinds, type PostgresServer, startPostgres, type TestDatabase } from "@stoa/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

describe.each(databaseKinds)("on $name", (kind) => {
  let opened: TestDatabase;
  let database: Database;
  beforeAll(async () => {
    opened = await kind.start();
    database = opened.database;
  });
  afterAll(() => opened[Symbol.asyncDispose]());

  test("migrating again applies nothing", async () => {
    expect(await migrate(database)).toEqual([]);
  });

  test("a migration that was changed after it was applied stops the start, and says which", async () => {
    const [first] = await database.query<{ name: string; checksum: string }>(
      "select name, checksum from migrations order by name limit 1",
    );
    await database.query("update migrations set checksum = 'other' where name = $1", [first?.name]);
    await expect(migrate(database)).rejects.toMatchObject({
      code: "invalid_configuration",
      message: expect.stringContaining(first?.name ?? "") as string,
    });
    await database.query("update migrations set checksum = $1 where name = $2", [first?.checksum, first?.name]);
  });

  test("integers, instants and documents come back the same from every driver", async () => {
    const [row] = await database.query(
      `select 9007199254740993::bigint as big, timestamptz '2027-01-15 08:00:00.125+00' as at, timestamptz '2027-01-15 08:00:00+05:30' as zoned,
              '{"a":[1,"x",null]}'::jsonb as document, null::timestamptz as never, array['x','y']::text[] as list, $1::bigint as given`,
      [9007199254740995n],
    );
    expect(row).toEqual({
      big: 9007199254740993n,
      at: Date.UTC(2027, 0, 15, 8, 0, 0, 125),
      zoned: Date.UTC(2027, 0, 15, 2, 30),
      document: { a: [1, "x", null] },
      never: null,
      list: ["x", "y"],
      given: 9007199254740995n,
    });
  });

  test("a transaction that fails leaves nothing, and the next one works", async () => {
    const add = (tx: Pick<Database, "query">, account: string) =>
      tx.query("insert into balances (account, amount) values ($1, 1)", [account]);
    await expect(
      database.transaction(async (tx) => {
        await add(tx, "available:a");
        await add(tx, "available:a");
      }),
    ).rejects.toThrow(/duplicate key/);
    await expect(
      database.transaction(async (tx) => (await add(tx, "available:b"), Promise.reject(new Error("of ours")))),
    ).rejects.toThrow("of ours");
    await database.transaction((tx) => add(tx, "available:c"));
    expect(await database.query("select account from balances")).toEqual([{ account: "available:c" }]);
  });

  test("the database itself refuses a balance below zero, a posting twice, and an entry of nothing", async () => {
    await database.query("insert into balances (account, amount) values ('available:d', 5), ('chain', -5)");
    await expect(
      database.query("update balances set amount = amount - 6 where account = 'available:d'"),
    ).rejects.toThrow(/balances_not_below_zero/);
    const post = (id: string, amount: bigint) => {
      const transfers: Transfer[] = [{ from: "chain", to: "platform", amount }];
      const statements = writePostings([{ id, kind: "deposit", taskId: null, transfers }], 0);
      return database.transaction((tx) => sendStatements(tx, statements));
    };
    await post("p", 1n);
    await expect(post("p", 1n)).rejects.toThrow(/postings_pkey/);
    await expect(
      database.query(
        "insert into entries (posting_id, account, amount, kind, posted_at) values ('q', 'chain', 0, 'deposit', now())",
      ),
    ).rejects.toThrow(/check constraint/);
  });
});

describe("a data folder", () => {
  const holding = async (folder: string): Promise<ChildProcess> => {
    const script = `import { openDatabase } from ${JSON.stringify(import.meta.resolve("@stoa/store"))};
      const database = await openDatabase({ folder: ${JSON.stringify(folder)} });
      await database.query("insert into balances (account, amount) values ('chain', -1)");
      console.log("open");
      setInterval(() => {}, 1_000);`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    for await (const line of createInterface({ input: child.stdout })) if (line === "open") break;
    return child;
  };

  test.each([
    ["short", "data"],
    ["too long for a socket's path", `data-${"x".repeat(120)}`],
  ])("refuses a second process, and is free, with all its data, when the first is killed (%s)", async (_, name) => {
    const parent = await mkdtemp(join(tmpdir(), "stoa-lock-"));
    const folder = join(parent, name);
    const child = await holding(folder);
    try {
      await expect(openDatabase({ folder })).rejects.toMatchObject({
        code: "data_locked",
        message: expect.stringContaining(folder) as string,
      });
      const exited = once(child, "exit");
      child.kill("SIGKILL");
      await exited;
      const database = await openDatabase({ folder });
      expect(await database.query("select amount from balances")).toEqual([{ amount: -1n }]);
      await expect(openDatabase({ folder })).rejects.toMatchObject({ code: "data_locked" });
      await database.close();
      await (await openDatabase({ folder })).close();
    } finally {
      child.kill("SIGKILL");
      await rm(parent, { recursive: true, force: true });
    }
  });

  test("of which two processes start at once, one gets it, over a dead one's leftover too", async () => {
    const parent = await mkdtemp(join(tmpdir(), "stoa-lock-"));
    const folder = join(parent, "data");
    const dead = await holding(folder);
    const exited = once(dead, "exit");
    dead.kill("SIGKILL");
    await exited;
    try {
      const results = await Promise.allSettled([1, 2, 3].map(() => openDatabase({ folder })));
      const won = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
      for (const database of won) await database.close();
      expect(won).toHaveLength(1);
    } finally {
      await rm(parent, { recursive: true, force: true });
    }
  });
});

describe("a PostgreSQL that goes away", () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());

  test("is told as such, to who waits for it and to who asks, and serves again when it is back", async () => {
    const url = await server.createDatabase("away");
    const database = await openDatabase({ url });
    try {
      const waiting = database.query("select pg_sleep(60)");
      const inTransaction = database.transaction(async (tx) => {
        await tx.query("insert into balances (account, amount) values ('chain', -1)");
        await tx.query("select pg_sleep(60)");
      });
      const lost = Promise.allSettled([waiting, inTransaction]);
      await expect
        .poll(() =>
          database.query<{ sleeping: bigint }>(
            "select count(*) as sleeping from pg_stat_activity where query like 'select pg_sleep%' and state = 'active'",
          ),
        )
        .toEqual([{ sleeping: 2n }]);
      await server.kill();
      for (const result of await lost)
        expect(result).toMatchObject({ status: "rejected", reason: { code: "database_unavailable" } });
      await expect(database.query("select 1")).rejects.toMatchObject({ code: "database_unavailable" });
      await expect(database.transaction((tx) => tx.query("select 1"))).rejects.toMatchObject({
        code: "database_unavailable",
      });
      await expect(openDatabase({ url })).rejects.toMatchObject({ code: "database_unavailable" });
      await server.restart();
      expect(await database.query("select account from balances")).toEqual([]);
      await database.transaction((tx) => tx.query("insert into balances (account, amount) values ('chain', -2)"));
      expect(await database.query("select amount from balances")).toEqual([{ amount: -2n }]);
    } finally {
      await database.close();
    }
  });
});
