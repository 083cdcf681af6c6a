import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runNode } from "./run-node.ts";
import type { TestRun } from "./stages.ts";
import type { Tally } from "./tally.ts";

interface JsonReport {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  numFailedTestSuites: number;
}

/** Runs one project of vitest.config.ts; counts come from its JSON report, not from its words. */
export async function runVitest(project: string, run: TestRun): Promise<Tally> {
  const folder = mkdtempSync(join(tmpdir(), "stoa-test-"));
  const report = join(folder, "report.json");
  try {
    const { code } = await runNode(run, [
      "node_modules/vitest/vitest.mjs",
      "run",
      `--project=${project}`,
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${report}`,
      "--passWithNoTests",
      ...run.filters,
    ]);
    const counts = readReport(report);
    if (counts === undefined) return { passed: 0, failed: code === 0 ? 0 : 1, skipped: 0 };
    // A file that does not load, or an error outside of any test, fails the run without failing a test.
    const failed = counts.numFailedTests || (code === 0 ? 0 : Math.max(1, counts.numFailedTestSuites));
    return { passed: counts.numPassedTests, failed, skipped: counts.numPendingTests + counts.numTodoTests };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function readReport(file: string): JsonReport | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as JsonReport;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
