import type { ErrorCode } from "@stoa/protocol";
import type { Database } from "@stoa/store";
import { expect } from "vitest";

const TABLES = [
  "agents",
  "nodes",
  "tasks",
  "awards",
  "execution_logs",
  "rounds",
  "sheets",
  "supplements",
  "open_auctions",
  "open_bids",
  "entries",
  "balances",
  "events",
  "settlements",
  "damages",
  "chain_cursor",
  "debts",
  "overdrafts",
  "claims",
  "revocations",
  "workflows",
  "workflow_steps",
  "budget_tasks",
  "subtask_budgets",
  "subtask_grants",
];

/** Every row of the market, as text. */
export async function dumpState(database: Database): Promise<Record<string, string[]>> {
  const dump: Record<string, string[]> = {};
  for (const table of TABLES) {
    const rows = await database.query<{ row: string }>(`select t::text as row from ${table} as t order by 1`);
    dump[table] = rows.map(({ row }) => row);
  }
  return dump;
}

/** Runs what must be refused with this code, and checks that it changed nothing at all. */
export async function expectRefused(database: Database, code: ErrorCode, run: () => Promise<unknown>): Promise<void> {
  const before = await dumpState(database);
  const error = await run().then(
    (value) =>
      new Error(
        `was not refused: ${JSON.stringify(value, (_, part: unknown) => (typeof part === "bigint" ? String(part) : part))}`,
      ),
    (reason: unknown) => reason,
  );
  expect(error).toMatchObject({ name: "StoaError", code });
  expect(await dumpState(database)).toEqual(before);
}
