import { styleText } from "node:util";
import { endProcess, findLeaks } from "./leaks.ts";
import type { Stage, TestRun } from "./stages.ts";
import { addTallies } from "./tally.ts";
import type { Tally } from "./tally.ts";

/**
 * Runs the stages one after the other, all of them even when one fails. After each, a process that the stage
 * started and left running is named, stopped, and counts as a failure. SIGINT and SIGTERM end the run early.
 */
export async function runStages(stages: readonly Stage[], run: Omit<TestRun, "signal" | "sessions">): Promise<Tally> {
  const stop = new AbortController();
  const interrupt = () => {
    stop.abort();
    process.exitCode = 130;
  };
  process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
  const sessions = new Set<number>();
  let sum: Tally = { passed: 0, failed: 0, skipped: 0 };
  for (const stage of stages) {
    if (stop.signal.aborted) break;
    console.log(styleText("bold", `\n== ${stage.name}: ${stage.about}`));
    const startedAt = performance.now();
    const tally = await stage.run({ ...run, sessions, signal: stop.signal });
    const leaks = await findLeaks(run.runId, sessions);
    for (const leak of leaks) {
      console.log(`left running: process ${leak.pid} (${leak.command})`);
      endProcess(leak.pid);
    }
    const failed = tally.failed + leaks.length;
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    console.log(`== ${stage.name}: ${tally.passed} passed, ${failed} failed, ${tally.skipped} skipped (${seconds} s)`);
    sum = addTallies(sum, { ...tally, failed });
  }
  process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
  if (stop.signal.aborted) console.log("\nstopped by a signal; what follows counts only what ran");
  return sum;
}
