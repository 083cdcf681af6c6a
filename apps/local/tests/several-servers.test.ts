import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type LocalNode, until } from "@stoa/local";
import { FIRST_PREVIOUS_HASH, type Hash, type Task } from "@stoa/protocol";
import type { StoaClient } from "@stoa/sdk";
import { type Database, listAllEvents, openDatabase } from "@stoa/store";
import { ledgerProblems, type PostgresServer, startPostgres } from "@stoa/testkit";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type BootedMarket, bootMarket, PATIENCE_MS, publishTestAgent } from "./boot-market.ts";
import { chainProblems } from "./chain-problems.ts";
import { type Errand, order, patientClient, seeThrough } from "./requester.ts";

const SERVERS = 3;
/** Its clock is an hour ahead. As the first to start it leads every job, so all deadlines are in its hands. */
const AHEAD = 0;
const CLOCK_AHEAD = pathToFileURL(join(import.meta.dirname, "clock-ahead.mjs")).href;

/** Every server has two of them; the last ones are the cheapest. */
const NODES: LocalNode[] = ["attica", "boeotia", "corinth", "delphi", "elis", "phocis"].map((name, at) => ({
  name,
  slots: 2,
  cost: `base=0.00${9 - at},kib=0.0001,second=0.00001`,
}));

const paid: Errand = {
  capability: "text.language",
  input: { text: "United we stand, divided we fall, says the fable." },
  does: "accept",
  ends: "settled",
};

/** Fails the first two times on a node, whatever it is given. */
const flaky = {
  name: "flaky",
  capabilities: ["test.flaky"],
  grants: { keyValue: true as const },
  source: `export async function run({ id }, context) {
    const seen = Number((await context.call("kv.get", { key: id })) ?? 0);
    await context.call("kv.set", { key: id, value: String(seen + 1) });
    if (seen < 2) throw new Error("not in the mood, for the " + (seen + 1) + ". time");
    return { seen };
  }`,
};

/** Ends last what was started first, whatever fails on the way. */
const started = new AsyncDisposableStack();
let postgres: PostgresServer;
let booted: BootedMarket;
let database: Database;
let clients: StoaClient[];

beforeAll(async () => {
  postgres = started.use(await startPostgres());
  const databaseUrl = await postgres.createDatabase("market");
  booted = started.use(
    await bootMarket({
      databaseUrl,
      nodes: NODES,
      servers: SERVERS,
      serverEnv: { STOA_NODE_GRACE_MS: "1000", STOA_ROUND_RETRY_MS: "500" },
      serverEnvOf: (index): Record<string, string> =>
        index === AHEAD ? { NODE_OPTIONS: `--import=${CLOCK_AHEAD}` } : {},
    }),
  );
  database = started.use(await openDatabase({ url: databaseUrl }));
  clients = booted.market.servers.map(({ url }) => patientClient(url));
  await publishTestAgent(booted.market, flaky);
}, 4 * PATIENCE_MS);

afterAll(() => started.disposeAsync(), 2 * PATIENCE_MS);

const client = (index: number): StoaClient => clients[index % clients.length]!;

/** Orders a task through one server, and sees it to its end through another. */
async function run(index: number, errand: Errand = paid): Promise<Task> {
  const taskId = await order(client(index), errand);
  return seeThrough(booted.market, client(index + 1), errand, taskId);
}

async function killServer(index: number): Promise<void> {
  await booted.market.servers[index]!.service.kill();
}

function isUp(index: number): boolean {
  return booted.market.servers[index]!.service.isAlive();
}

/** A node counts as spread when its stream is held by a server that is there. */
async function untilConnected(): Promise<Map<string, number>> {
  return until("every node to have a server", PATIENCE_MS, async () => {
    const rows = await database.query<{ server: string; nodes: number }>(
      `select server_id as server, count(*)::integer as nodes from nodes join servers on servers.id = server_id
        where online and servers.seen_at > now() - interval '3 seconds' group by server_id`,
    );
    const total = rows.reduce((sum, { nodes }) => sum + nodes, 0);
    return total === NODES.length && new Map(rows.map(({ server, nodes }) => [server, nodes]));
  });
}

/** What is wrong in the database, once all is on chain: money, awards given twice, and the chain of records. */
async function problems(): Promise<string[]> {
  await until("everything to be on chain", PATIENCE_MS, async () => {
    const left = await database.query(
      "select 1 from damages where state <> 'confirmed' union all select 1 from settlements where state <> 'confirmed'",
    );
    return left.length === 0;
  });
  const twice = await database.query<{ id: Hash; live: bigint }>(
    `select task_id as id, count(*) as live from awards where state in ('made', 'running', 'delivered')
      group by task_id having count(*) > 1`,
  );
  const [{ deadlocks }] = (await database.query<{ deadlocks: bigint }>(
    "select deadlocks from pg_stat_database where datname = current_database()",
  )) as [{ deadlocks: bigint }];
  return [
    ...(await ledgerProblems(database)),
    ...(await chainProblems(booted.market, database)),
    ...twice.map(({ id, live }) => `the task ${id} has ${live} awards`),
    ...(deadlocks > 0n ? [`${deadlocks} deadlocks`] : []),
    ...(await brokenChains()),
  ];
}

async function brokenChains(): Promise<string[]> {
  const rounds = await database.query<{ id: Hash; capability: string; previous: Hash; outcome: Hash | null }>(
    `select id, capability, opening ->> 'previousHash' as previous, outcome_hash as outcome from rounds order by position`,
  );
  const last = new Map<string, Hash>();
  return rounds.flatMap(({ id, capability, previous, outcome }) => {
    const expected = last.get(capability) ?? FIRST_PREVIOUS_HASH;
    if (outcome) last.set(capability, outcome);
    return previous === expected ? [] : [`the round ${id} follows ${previous}, the record before it is ${expected}`];
  });
}

it(
  "servers on one database have one market: each runs tasks, for requesters and on nodes of any of them",
  async () => {
    const spread = await untilConnected();
    expect([...spread.values()]).toEqual([2, 2, 2]);
    const tasks = await Promise.all(Array.from({ length: 24 }, (_, at) => run(at)));
    expect(tasks.map(({ state }) => state)).toEqual(tasks.map(() => "settled"));
    const servers = await database.query(
      `select distinct server_id from nodes join awards on awards.node = nodes.id where awards.state = 'delivered'`,
    );
    expect(servers.length, "nodes of several servers have won").toBeGreaterThan(1);
    expect(await problems()).toEqual([]);
  },
  3 * PATIENCE_MS,
);

it(
  "the live stream of one server tells of what all do, each event once and in order",
  async () => {
    const abort = new AbortController();
    const seen: number[] = [];
    const [{ seq: after }] = (await database.query<{ seq: bigint }>("select max(seq) as seq from events")) as [
      { seq: bigint },
    ];
    const follow = async () => {
      for await (const event of client(1).events.stream({ after: Number(after), signal: abort.signal }))
        seen.push(event.seq);
    };
    const following = follow().catch(() => undefined);
    await Promise.all([0, 2, 3, 5].map((at) => run(at)));
    const all = await until("the stream to come to the log's end", PATIENCE_MS, async () => {
      const events = await listAllEvents(database, Number(after), 10_000);
      const visible = events.filter(({ audience }) => audience === null).map(({ seq }) => seq);
      return seen.length >= visible.length && visible;
    });
    abort.abort();
    await following;
    expect(seen.filter((seq) => all.includes(seq))).toEqual(all);
    expect(seen).toEqual([...new Set(seen)].sort((a, b) => a - b));
  },
  2 * PATIENCE_MS,
);

it(
  "deadlines are the database's, also where the clock of the server that keeps them is an hour ahead",
  async () => {
    const log = await readFile(join(booted.dataFolder, "logs", "server.log"), "utf8");
    const [first = "{}"] = log.split("\n").filter((line) => line.startsWith("{"));
    const { time } = JSON.parse(first) as { time: number };
    expect(time - Date.now(), "its own clock is ahead").toBeGreaterThan(3_000_000);
    const expiring: Errand = {
      ...paid,
      input: { text: "Nobody does this for so little, says the market." },
      maxPrice: 3_000n,
      deliverInSeconds: 8,
      startBySeconds: 4,
      does: "nothing",
      ends: "expired",
    };
    const tasks = await Promise.all([0, 1, 2].map((at) => run(at, expiring)));
    for (const { id } of tasks) {
      const [row] = await database.query<{ late: number }>(
        `select (extract(epoch from at - deliver_by) * 1000)::integer as late from events join tasks on tasks.id = task_id
          where type = 'task.expired' and task_id = $1`,
        [id],
      );
      expect(row?.late).toBeGreaterThanOrEqual(0);
      expect(row?.late).toBeLessThan(10_000);
    }
    const dated = await database.query("select 1 from events where at > now() + interval '1 minute'");
    expect(dated, "nothing is dated by the clock that is ahead").toEqual([]);
  },
  2 * PATIENCE_MS,
);

it(
  "an open auction asks the nodes of every server, and is awarded once though servers are killed while it runs",
  async () => {
    await untilConnected();
    const open: Errand = { ...paid, auction: "open" };
    const ids = await Promise.all([0, 1, 2].map((at) => order(client(at), open)));
    await until("nodes of every server to have answered", PATIENCE_MS, async () => {
      const servers = await database.query(
        "select distinct server_id from nodes where id in (select node from open_bids)",
      );
      return servers.length === SERVERS;
    });
    await Promise.all([killServer(0), killServer(1)]);
    // Whoever ran the auctions, the server that is left sees them through.
    const tasks = await Promise.all(ids.map((id) => seeThrough(booted.market, client(2), open, id)));
    expect(tasks.map(({ state }) => state)).toEqual(tasks.map(() => "settled"));
    await Promise.all([booted.market.restartServer(0), booted.market.restartServer(1)]);
    const auctions = await database.query<{ id: Hash; state: string }>("select id, state from open_auctions");
    for (const { id, state } of auctions) {
      expect(state).toBe("closed");
      const { record, supplements } = await client(2).auctions.verify(id);
      expect([record, ...supplements].flatMap(({ firstFailure }) => firstFailure ?? [])).toEqual([]);
    }
    expect(await problems()).toEqual([]);
  },
  4 * PATIENCE_MS,
);

it(
  "servers that are killed again and again lose nothing: the others go on, and every task is paid once",
  async () => {
    for (const victim of [0, 1, 2, 0, 1]) {
      await untilConnected();
      const ordered = Promise.all(Array.from({ length: 6 }, (_, at) => order(client(victim + at), paid)));
      // The kill comes while the first of them are under way.
      await until("a task to be under way", PATIENCE_MS, async () => {
        const busy = await database.query("select 1 from tasks where state in ('awarded', 'running', 'delivered')");
        return busy.length > 0;
      });
      await killServer(victim);
      const elsewhere = client(victim + 1);
      const ends = ordered.then((ids) => Promise.all(ids.map((id) => seeThrough(booted.market, elsewhere, paid, id))));
      // Orders sent to the one that is down wait for it: it comes back once the others have shown that they go on.
      const during = await run((victim + 1) % SERVERS, {
        ...paid,
        input: { text: `Meanwhile, after ${victim}.` },
      }).catch((error: unknown) => error);
      await booted.market.restartServer(victim);
      expect(during).toMatchObject({ state: "settled" });
      expect((await ends).map(({ state }) => state)).toEqual(Array(6).fill("settled"));
    }
    expect(booted.market.servers.every((_, index) => isUp(index))).toBe(true);
    expect(await problems()).toEqual([]);
  },
  10 * PATIENCE_MS,
);

it(
  "a node that was taken for gone while it is connected is asked again, whatever the database was made to say",
  async () => {
    await untilConnected();
    const [{ seq }] = (await database.query<{ seq: bigint }>("select max(seq) as seq from events")) as [
      { seq: bigint },
    ];
    await database.query("update nodes set online = false where name = 'attica'");
    await database.query("update nodes set server_id = 'server-that-never-was' where name in ('corinth', 'phocis')");
    const spread = await untilConnected();
    expect([...spread.values()].reduce((sum, nodes) => sum + nodes, 0)).toBe(NODES.length);
    const told = await database.query("select 1 from events where type = 'node.offline' and seq > $1::bigint", [seq]);
    expect(told, "it lost nothing by it").toEqual([]);
  },
  2 * PATIENCE_MS,
);

it(
  "a pause between two attempts is kept over the death of every server, and a task that works at last is paid once",
  async () => {
    await untilConnected();
    const retry = { maxAttempts: 20, backoffSeconds: 4, backoffFactor: 1 };
    const errand: Errand = { ...paid, capability: "test.flaky", input: { id: "one" }, retry };
    const taskId = await order(client(1), errand);
    await until("the first attempt to fail", PATIENCE_MS, async () => {
      const { attempts, notBefore } = await client(1).tasks.get(taskId);
      return attempts > 0 && notBefore;
    });
    for (let index = 0; index < SERVERS; index += 1) await killServer(index);
    for (let index = 0; index < SERVERS; index += 1) await booted.market.restartServer(index);
    const task = await seeThrough(booted.market, client(2), errand, taskId);
    expect(task).toMatchObject({ state: "settled" });
    expect(task.attempts).toBeGreaterThanOrEqual(2);
    const events = (await listAllEvents(database, 0, 100_000)).filter(
      ({ data }) => "taskId" in data && data.taskId === taskId,
    );
    const failures = events.filter(({ type }) => type === "task.attempt_failed");
    const retried = events.filter(({ type }) => type === "task.retried");
    expect(retried).toHaveLength(failures.length);
    for (const [at, failure] of failures.entries()) {
      const { notBefore } = failure.data as { notBefore: number };
      expect(notBefore - failure.at).toBe(4_000);
      expect(retried[at]?.at).toBeGreaterThanOrEqual(notBefore);
    }
    expect(await problems()).toEqual([]);
  },
  4 * PATIENCE_MS,
);

it(
  "kept a public record of every round that checks out",
  async () => {
    const { items } = await client(0).rounds.list({ limit: 100 });
    expect(items.length).toBeGreaterThan(10);
    for (const { id, state } of items) {
      if (state !== "closed") continue;
      const { record, supplements } = await client(0).rounds.verify(id, { payments: true });
      expect(
        [record, ...supplements].flatMap(({ firstFailure }) => firstFailure ?? []),
        id,
      ).toEqual([]);
    }
  },
  PATIENCE_MS,
);
