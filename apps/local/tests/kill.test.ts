import { until } from "@stoa/local";
import type { Hash } from "@stoa/protocol";
import { type Database, openDatabase } from "@stoa/store";
import {
  type Breakpoints,
  ledgerProblems,
  openBreakpoints,
  type PostgresServer,
  prepareForBreakpoints,
  startPostgres,
} from "@stoa/testkit";
import { afterAll, beforeAll, expect, it } from "vitest";
import {
  type BootedMarket,
  bootMarket,
  gatekeeper,
  nodeOf,
  openGates,
  PATIENCE_MS,
  picky,
  publishTestAgent,
  untilConnected,
} from "./boot-market.ts";
import { chainProblems } from "./chain-problems.ts";
import { type KillPoint, killPoints } from "./kill-points.ts";
import { order, patientClient, seeThrough } from "./requester.ts";

const DATABASE = "market";

/** Ends last what was started first, whatever fails on the way. */
const started = new AsyncDisposableStack();
let postgres: PostgresServer;
let booted: BootedMarket;
let breakpoints: Breakpoints;
let database: Database;
let gates: Hash;
const reached: string[] = [];

beforeAll(async () => {
  postgres = started.use(await startPostgres());
  const databaseUrl = await postgres.createDatabase(DATABASE);
  await prepareForBreakpoints(postgres.url, DATABASE);
  booted = started.use(
    await bootMarket({
      databaseUrl,
      challengeWindowSeconds: 4,
      serverEnv: { STOA_APPROVAL_SECONDS: "3", STOA_NODE_GRACE_MS: "1000", STOA_ROUND_RETRY_MS: "500" },
    }),
  );
  breakpoints = started.use(await openBreakpoints(databaseUrl));
  database = started.use(await openDatabase({ url: databaseUrl }));
  gates = await publishTestAgent(booted.market, gatekeeper);
  await publishTestAgent(booted.market, picky);
  await openGates(booted.dataFolder, "boeotia", gates, ["boeotia"]);
}, 3 * PATIENCE_MS);

afterAll(() => started.disposeAsync(), 2 * PATIENCE_MS);

async function startNode(name: string): Promise<void> {
  if (!nodeOf(booted.market, name).service.isAlive()) await booted.market.restartNode(name);
  await untilConnected(booted, name);
}

/** Kills a node once the task runs there. */
async function killWhenRunning(name: string, taskId: Hash): Promise<void> {
  const { address } = nodeOf(booted.market, name);
  await until(`${name} to run ${taskId}`, PATIENCE_MS, async () => {
    const [award] = await database.query(
      "select 1 from awards where task_id = $1 and node = $2 and state = 'running'",
      [taskId, address],
    );
    return award;
  });
  await nodeOf(booted.market, name).service.kill();
}

/** Kills the point's victim and brings it back. */
async function strike({ victim, staysDown }: KillPoint): Promise<void> {
  const { market, dataFolder } = booted;
  if (victim === "server") {
    await market.server.kill();
    await breakpoints.release({ cutOff: true });
    await market.restartServer();
  } else if (victim === "postgresql") {
    await postgres.kill();
    await until("PostgreSQL to start again", PATIENCE_MS, () => postgres.restart().then(() => true));
    await breakpoints.reconnect();
    await breakpoints.release({ cutOff: false });
  } else {
    await nodeOf(market, victim).service.kill();
    await breakpoints.release({ cutOff: false });
    await openGates(dataFolder, victim, gates, ["later"]);
    if (!staysDown) await startNode(victim);
  }
}

/** Everything the ledger promises, read in one instant. */
function problems(): Promise<string[]> {
  return database.transaction(async (tx) => {
    await tx.query("set transaction isolation level repeatable read");
    return ledgerProblems(tx);
  });
}

const nameOf = ({ victim, place, event, errand }: KillPoint) =>
  `${victim} killed ${{ inside: "before the commit of", unanswered: "when nobody was told yet of", after: "after" }[place]} ${event} (to be ${errand.ends})`;

it.each(
  killPoints.map((point, i) => ({
    name: `${String(i + 1).padStart(2, "0")}/${killPoints.length}: ${nameOf(point)}`,
    point,
  })),
)(
  "kill point $name",
  async ({ name, point }) => {
    const { market, dataFolder } = booted;
    const client = patientClient(market.url);
    for (const { name: node } of market.nodes) await startNode(node);
    for (const down of point.down ?? []) await nodeOf(market, down).service.kill();
    const standing = breakpoints.stopAt(point.place, point.event, 2 * PATIENCE_MS);
    const ordered = order(client, point.errand);
    const ended = ordered.then((taskId) => seeThrough(market, client, point.errand, taskId));
    const dying = point.dies ? ordered.then((taskId) => killWhenRunning(point.dies!, taskId)) : undefined;
    await Promise.race([standing, Promise.all([ended, dying]).then(() => standing)]);
    await dying;
    reached.push(name);
    const killedAt = Date.now();
    await strike(point);
    const toStart = [...(point.down ?? []), ...(point.dies ? [point.dies] : [])];
    for (const node of toStart) await openGates(dataFolder, node, gates, ["later", node]);
    if (!point.staysDown) for (const node of toStart) await startNode(node);
    const task = await ended;
    console.log(`kill point ${name}: ${task.state}, recovered in ${Date.now() - killedAt} ms`);
    for (const node of toStart) await startNode(node);
    expect(task.state).toBe(point.errand.ends);
    expect(await problems()).toEqual([]);
  },
  5 * PATIENCE_MS,
);

it(
  "reached every kill point, and what the ledger says at the end is what the chain has",
  async () => {
    expect(reached.length).toBe(killPoints.length);
    expect(reached.length).toBeGreaterThanOrEqual(20);
    const { market } = booted;
    await until("the last damages to be on chain", PATIENCE_MS, async () => {
      const left = await database.query("select 1 from damages where state <> 'confirmed'");
      return left.length === 0;
    });
    expect(await chainProblems(market, database)).toEqual([]);
    const lost = await database.query(
      "select id from tasks where state = 'settled' and result ->> 'receiptSignature' is null",
    );
    expect(lost).toEqual([]);
  },
  3 * PATIENCE_MS,
);

it(
  "kept a public record of every round that checks out",
  async () => {
    const { client } = booted.market;
    const { items } = await client.rounds.list({ limit: 100 });
    for (const { id, state } of items) {
      if (state !== "closed") continue;
      const { record, supplements } = await client.rounds.verify(id, { payments: true });
      expect(
        [record, ...supplements].flatMap(({ firstFailure }) => firstFailure ?? []),
        id,
      ).toEqual([]);
    }
  },
  PATIENCE_MS,
);
