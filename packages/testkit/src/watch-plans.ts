import { type Database, openDatabase } from "@stoa/store";
import type { Pool, PoolClient } from "pg";

/** A step of a plan that ran, as PostgreSQL's own `explain (analyze, format json)` has it. */
export interface PlanStep {
  "Node Type": string;
  "Relation Name"?: string;
  "Index Name"?: string;
  /** Rows it gave, on average of its loops. */
  "Actual Rows": number;
  /** How often it ran; 0 when it never had to. */
  "Actual Loops": number;
  "Rows Removed by Filter"?: number;
  "Rows Removed by Index Recheck"?: number;
  Plans?: PlanStep[];
}

/** A statement and the plan it ran by. */
export interface RanPlan {
  text: string;
  plan: PlanStep;
}

/** A database whose server tells how every statement ran. */
export interface WatchedDatabase extends AsyncDisposable {
  database: Database;
  /** What ran since this was last asked. */
  take(): RanPlan[];
}

const SETTINGS = [
  "session_preload_libraries = 'auto_explain'",
  "auto_explain.log_min_duration = 0",
  "auto_explain.log_analyze = on",
  "auto_explain.log_timing = off",
  "auto_explain.log_format = json",
  "auto_explain.log_level = notice",
  "auto_explain.log_parameter_max_length = 0",
];

/**
 * Opens a database whose server tells the plan of every statement, as it ran: the real text, prepared and planned the way
 * the market's own are. Nothing is explained apart.
 * @param url of a database on a PostgreSQL server, as its superuser; who connects to it later is told too
 */
export async function watchPlans(url: string): Promise<WatchedDatabase> {
  const setting = await openDatabase({ url });
  const [row] = await setting.query<{ name: string }>("select current_database() as name");
  for (const each of SETTINGS) await setting.script(`alter database "${row!.name}" set ${each}`);
  await setting.close();
  const database = await openDatabase({ url });
  const ran: RanPlan[] = [];
  const heard = new WeakSet<PoolClient>();
  (database as unknown as { pool: Pool }).pool.on("acquire", (client) => {
    if (heard.has(client)) return;
    heard.add(client);
    client.on("notice", ({ message = "" }) => {
      const [, json] = /^duration: .*?plan:\s*(\{.*\})\s*$/s.exec(message) ?? [];
      if (json === undefined) return;
      const { "Query Text": text, Plan: plan } = JSON.parse(json) as { "Query Text": string; Plan: PlanStep };
      ran.push({ text, plan });
    });
  });
  return { database, take: () => ran.splice(0), [Symbol.asyncDispose]: () => database.close() };
}

/** All steps of a plan that ran. */
export function stepsOf(plan: PlanStep): PlanStep[] {
  if (plan["Actual Loops"] === 0) return [];
  return [plan, ...(plan.Plans ?? []).flatMap(stepsOf)];
}

/** How many rows a step looked at, whether it gave them or not. */
export function rowsSeen(step: PlanStep): number {
  const each =
    step["Actual Rows"] + (step["Rows Removed by Filter"] ?? 0) + (step["Rows Removed by Index Recheck"] ?? 0);
  return each * step["Actual Loops"];
}
