import { setTimeout as sleep } from "node:timers/promises";
import { until } from "@stoa/local";
import type { Hash, TaskState } from "@stoa/protocol";
import { type Database, openDatabase } from "@stoa/store";
import { ledgerProblems, type PostgresServer, startPostgres } from "@stoa/testkit";
import { type BootedMarket, bootMarket, PATIENCE_MS, picky, publishTestAgent } from "../boot-market.ts";
import { chainProblems } from "../chain-problems.ts";
import { createRoundChecker } from "./check-rounds.ts";
import { startLoad } from "./load.ts";
import { seededRandom } from "./seeded-random.ts";

/** Longest quiet time between two kills. */
const QUIET_MS = 1_500;
/** Longest time a victim stays dead. */
const DEAD_MS = 400;

export interface CrashPlan {
  seed: number;
  kills: number;
  /** Tasks under way at once. */
  requesters: number;
  /** Told of every kill once what it left was checked. */
  onKill?(kill: { at: number; victim: string; tasks: number }): void;
}

export interface CrashReport {
  /** Plays the same kills again. */
  seed: number;
  kills: Record<string, number>;
  /** Tasks by how they ended. */
  ends: Partial<Record<TaskState, number>>;
  rounds: number;
  /** Everything found wrong, after any kill or in the end. */
  problems: string[];
}

/**
 * Runs a whole market under load and kills its server, its nodes and its database at random moments. After each kill,
 * once the victim is back, the ledger's laws, every task that was ordered and the chain of rounds are checked; in the
 * end every task's fate, and the ledger against the chain to the unit.
 */
export async function runCrashes({ seed, kills, requesters, onKill }: CrashPlan): Promise<CrashReport> {
  const random = seededRandom(seed);
  await using started = new AsyncDisposableStack();
  const postgres = started.use(await startPostgres());
  const databaseUrl = await postgres.createDatabase("market");
  const booted = started.use(await boot(databaseUrl));
  const database = started.use(await openDatabase({ url: databaseUrl }));
  await publishTestAgent(booted.market, picky);
  const rounds = createRoundChecker(database);
  const load = startLoad(booted.market, requesters, random);
  const report: CrashReport = { seed, kills: {}, ends: {}, rounds: 0, problems: [] };

  for (let at = 1; at <= kills && report.problems.length === 0; at += 1) {
    await sleep(random() * QUIET_MS);
    const victim = await killOne(booted, postgres, random);
    report.kills[victim] = (report.kills[victim] ?? 0) + 1;
    const found = [
      ...(await ledgerOf(database)),
      ...(await missing(database, load.ordered)),
      ...(await rounds.check()),
    ];
    report.problems.push(...found.map((problem) => `kill ${at} of ${victim}: ${problem}`));
    onKill?.({ at, victim, tasks: load.ordered.size });
  }

  for (const { state } of await load.finish()) report.ends[state] = (report.ends[state] ?? 0) + 1;
  await until("the last damages and settlements to be on chain", PATIENCE_MS * 2, () => allConfirmed(database));
  report.problems.push(
    ...(await ledgerOf(database)),
    ...(await rounds.check()),
    ...(await chainProblems(booted.market, database)),
  );
  report.rounds = rounds.rounds();
  return report;
}

function boot(databaseUrl: string): Promise<BootedMarket> {
  return bootMarket({
    databaseUrl,
    challengeWindowSeconds: 4,
    serverEnv: { STOA_APPROVAL_SECONDS: "3", STOA_NODE_GRACE_MS: "1000", STOA_ROUND_RETRY_MS: "500" },
  });
}

/** Kills one process at random as a power cut would, and starts it again a moment later. */
async function killOne({ market }: BootedMarket, postgres: PostgresServer, random: () => number): Promise<string> {
  const draw = random();
  const deadMs = random() * DEAD_MS;
  if (draw < 0.45) {
    await market.server.kill();
    await sleep(deadMs);
    await market.restartServer();
    return "server";
  }
  if (draw < 0.7) {
    await postgres.kill();
    await sleep(deadMs);
    await until("PostgreSQL to start again", PATIENCE_MS, () => postgres.restart().then(() => true));
    return "postgresql";
  }
  const { name, service } = market.nodes[Math.floor(random() * market.nodes.length)]!;
  await service.kill();
  await sleep(deadMs);
  await market.restartNode(name);
  return "node";
}

/** The ledger's laws, read in one instant once the database answers. */
function ledgerOf(database: Database): Promise<string[]> {
  return until("the database to answer", PATIENCE_MS, () =>
    database.transaction(async (tx) => {
      await tx.query("set transaction isolation level repeatable read");
      return ledgerProblems(tx);
    }),
  );
}

/** Tasks whose order was answered and which are not there. */
async function missing(database: Database, ordered: ReadonlyMap<Hash, unknown>): Promise<string[]> {
  const ids = [...ordered.keys()];
  const found = await database.query<{ id: Hash }>("select id from tasks where id = any($1::text[])", [ids]);
  const known = new Set(found.map(({ id }) => id));
  return ids.filter((id) => !known.has(id)).map((id) => `the task ${id} was answered for and is not there`);
}

async function allConfirmed(database: Database): Promise<boolean> {
  const left = await database.query(
    `select 1 from damages where state <> 'confirmed'
     union all select 1 from settlements join tasks on tasks.id = task_id
                where tasks.state = 'settled' and settlements.state <> 'confirmed'`,
  );
  return left.length === 0;
}
