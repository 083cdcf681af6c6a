import type { Queryable } from "@stoa/store";
import { processorSeconds } from "../processor-time.ts";

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
  const postgresUs = () => (postgres === undefined ? 0 : processorSeconds([postgres]) * 1_000_000);
  return {
    async measure(work) {
      const walBefore = await walPosition();
      const before = { at: performance.now(), node: process.cpuUsage(), postgres: postgresUs() };
      const result = await work();
      const node = process.cpuUsage(before.node);
      const costs = {
        ms: performance.now() - before.at,
        nodeUs: node.user + node.system,
        postgresUs: postgresUs() - before.postgres,
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
