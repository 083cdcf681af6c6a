import type { Database } from "@stoa/store";
import { ledgerProblems } from "@stoa/testkit";
import { expect } from "vitest";

/** Checks every law of the ledger. */
export async function expectSoundLedger(database: Database): Promise<void> {
  expect(await ledgerProblems(database)).toEqual([]);
}
