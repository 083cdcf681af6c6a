import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { styleText } from "node:util";
import { readReport } from "./read-report.ts";
import type { Report } from "./read-report.ts";
import { runNode } from "./run-node.ts";
import type { TestRun } from "./stages.ts";
import type { Tally } from "./tally.ts";

/** More files than this fail together for a reason of their own, which a second run would only repeat. */
const MOST_AGAIN = 5;

/**
 * Runs one project of vitest.config.ts; counts come from its JSON report, not from its words.
 *
 * In a run of everything, a few files that failed run once more, whole and alone: what fails then fails the run, and
 * what passes is named as unsteady, so that neither a loaded machine stops the work nor a race goes unseen.
 */
export async function runVitest(project: string, run: TestRun): Promise<Tally> {
  const first = await runOnce(project, run, run.filters);
  const failedFiles = first.files.filter(({ hasFailed }) => hasFailed).map(({ path }) => path);
  const isRetried = run.filters.length === 0 && failedFiles.length > 0 && failedFiles.length <= MOST_AGAIN;
  if (!isRetried || run.signal.aborted) return tallyOf(first);
  console.log(styleText("bold", `\n== ${project}: once more, one at a time: what failed`));
  const second = await runOnce(project, run, failedFiles, ["--maxWorkers=1"]);
  for (const { path, hasFailed } of second.files)
    if (!hasFailed) console.log(`unsteady: ${relative(run.root, path)} failed once, and passed when it ran alone`);
  const steady = first.files.filter(({ hasFailed }) => !hasFailed);
  return tallyOf({ code: second.code, files: [...steady, ...second.files] });
}

async function runOnce(
  project: string,
  run: TestRun,
  filters: readonly string[],
  options: readonly string[] = [],
): Promise<Report> {
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
      ...options,
      ...filters,
    ]);
    return { code, files: readReport(report) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Sums the files; a file that does not load, or an error outside of any test, fails without failing a test. */
function tallyOf({ code, files }: Report): Tally {
  const tally: Tally = { passed: 0, failed: 0, skipped: 0 };
  for (const file of files) {
    tally.passed += file.passed;
    tally.failed += file.failed || (file.hasFailed ? 1 : 0);
    tally.skipped += file.skipped;
  }
  return code === 0 ? tally : { ...tally, failed: Math.max(1, tally.failed) };
}
