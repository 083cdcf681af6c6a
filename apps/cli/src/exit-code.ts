import { StoaError } from "@stoa/protocol";
import { CommanderError } from "commander";

/** What the command's end says; docs and scripts build on these numbers. */
export const exitCodes = {
  ok: 0,
  /** What was asked for failed: a task that did not end settled, a record that does not check out. */
  failure: 1,
  /** The caller's mistake: sending it again unchanged fails again. */
  mistake: 2,
  /** Worth trying again: something was away. */
  retry: 3,
  /** A fault of ours. */
  bug: 70,
  /** Ended by Ctrl-C. */
  interrupted: 130,
} as const;

const failures: ReadonlySet<string> = new Set(["execution_failed", "invalid_record"]);

/** The one place that maps errors to exit codes. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.mistake;
  if (!(error instanceof StoaError)) return exitCodes.bug;
  return failures.has(error.code) ? exitCodes.failure : exitCodes[error.definition.kind];
}
