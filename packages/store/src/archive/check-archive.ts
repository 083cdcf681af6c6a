import { createHash } from "node:crypto";
import { StoaError } from "@stoa/protocol";
import type { ArchiveObjects } from "./archive-objects.ts";
import type { ArchiveManifest } from "./manifest.ts";
import { readParts } from "./read-parts.ts";

/**
 * Reads an archive back from the object store, whole: its rows' number, hash and sums are what its manifest says.
 * @param onRows is told how many rows were read so far
 * @throws {StoaError} `internal` with the first thing that is wrong, `not_found` for an object that is gone
 */
export async function checkArchive(
  objects: ArchiveObjects,
  manifest: ArchiveManifest,
  onRows: (rows: number) => void = () => {},
): Promise<void> {
  const digest = createHash("sha256");
  const totals = { rows: 0, sum: 0n, turnover: 0n };
  let part = 0;
  for await (const lines of readParts(objects, manifest.parts)) {
    digest.update(lines);
    if (manifest.amounts) addAmounts(totals, lines);
    totals.rows += manifest.parts[part++]!.rows;
    onRows(totals.rows);
  }
  const { rows, rowsHash, amounts, log } = manifest;
  expectSame("rows", totals.rows, rows);
  expectSame("the hash of its rows", `0x${digest.digest("hex")}`, rowsHash);
  if (amounts) {
    expectSame("the sum of its amounts", totals.sum.toString(), amounts.sum);
    expectSame("the sum of what is above zero", totals.turnover.toString(), amounts.turnover);
  }
  if (log?.strays) for await (const lines of readParts(objects, [log.strays])) void lines;
}

function addAmounts(totals: { sum: bigint; turnover: bigint }, lines: Buffer): void {
  for (const line of lines.toString().trimEnd().split("\n")) {
    const amount = BigInt((JSON.parse(line) as { amount: string }).amount);
    totals.sum += amount;
    if (amount > 0n) totals.turnover += amount;
  }
}

function expectSame(what: string, actual: string | number, expected: string | number): void {
  if (actual !== expected)
    throw new StoaError("internal", `the archive reads back wrong: ${what}: ${actual}, expected ${expected}`);
}
