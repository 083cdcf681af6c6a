import { readdirSync, readFileSync } from "node:fs";
import type { Queryable } from "@stoa/store";

/** What some work took. */
export interface Costs {
  ms: number;
  /** Processor time of this process, microseconds. */
  nodeUs: number;
  /** Processor time of the database server's processes, microseconds; zero where it cannot be read. */
  postgresUs: number;
  walBytes: number;
}

export const NO_COSTS: Costs = { ms: 0, nodeUs: 0, postgresUs: 0, walBytes: 0 };

/** Linux counts a process's time in hundredths of a second. */
const TICK_US = 10_000;

/** Tells what work costs on both sides of the connection. */
export interface Meter {
  measure<Result>(work: () => Promise<Result>): Promise<{ result: Result; costs: Costs }>;
}

/** @param postgres the server's main process; its children are counted with it */
export function openMeter(database: Queryable, postgres: number | undefined): Meter {
  const walPosition = async () => {
    if (postgres === undefined) return 0;
    const [row] = await database.query<{ bytes: bigint }>("select (pg_current_wal_lsn() - '0/0')::bigint as bytes");
    return Number(row!.bytes);
  };
  return {
    async measure(work) {
      const walBefore = await walPosition();
      const before = { at: performance.now(), node: process.cpuUsage(), postgres: cpuOf(postgres) };
      const result = await work();
      const node = process.cpuUsage(before.node);
      const costs = {
        ms: performance.now() - before.at,
        nodeUs: node.user + node.system,
        postgresUs: cpuOf(postgres) - before.postgres,
      };
      return { result, costs: { ...costs, walBytes: (await walPosition()) - walBefore } };
    },
  };
}

export function addCosts(one: Costs, other: Costs): Costs {
  return {
    ms: one.ms + other.ms,
    nodeUs: one.nodeUs + other.nodeUs,
    postgresUs: one.postgresUs + other.postgresUs,
    walBytes: one.walBytes + other.walBytes,
  };
}

/** A process's time and its children's, those that have ended with those that have not. */
function cpuOf(parent: number | undefined): number {
  if (parent === undefined || process.platform !== "linux") return 0;
  let ticks = 0;
  for (const name of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
    const stat = readStat(name);
    if (!stat) continue;
    const own = stat.user + stat.system;
    if (Number(name) === parent) ticks += own + stat.endedChildren;
    else if (stat.parent === parent) ticks += own;
  }
  return ticks * TICK_US;
}

function readStat(pid: string) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The program's name, in brackets, may have blanks in it.
    const fields = text
      .slice(text.lastIndexOf(")") + 2)
      .split(" ")
      .map(Number);
    const [user = 0, system = 0, endedUser = 0, endedSystem = 0] = fields.slice(11);
    return { parent: fields[1], user, system, endedChildren: endedUser + endedSystem };
  } catch {
    // It has ended since the folder was read.
    return undefined;
  }
}
