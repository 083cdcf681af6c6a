import { readFileSync } from "node:fs";
import type { Tally } from "./tally.ts";

/** What one run of vitest came to. */
export interface Report {
  /** Of the process, null when a signal ended it. */
  code: number | null;
  files: FileReport[];
}

export interface FileReport extends Tally {
  path: string;
  /** Whether a test of it failed, or the file itself. */
  hasFailed: boolean;
}

interface JsonReport {
  testResults: { name: string; status: string; assertionResults: { status: string }[] }[];
}

/** Reads a JSON report of vitest, file by file; no files when the run ended before it wrote one. */
export function readReport(file: string): FileReport[] {
  const text = readIfThere(file);
  if (text === undefined) return [];
  const { testResults } = JSON.parse(text) as JsonReport;
  return testResults.map(({ name, status, assertionResults }) => {
    const count = (...statuses: string[]) => assertionResults.filter((test) => statuses.includes(test.status)).length;
    return {
      path: name,
      hasFailed: status !== "passed",
      passed: count("passed"),
      failed: count("failed"),
      skipped: count("pending", "skipped", "todo", "disabled"),
    };
  });
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
