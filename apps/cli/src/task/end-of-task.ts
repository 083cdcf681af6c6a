import type { Cli } from "../cli.ts";
import { exitCodes } from "../exit-code.ts";
import type { Followed } from "./follow-task.ts";

/** Prints what a followed task gave, and decides the command's exit code: only a settled task is a success. */
export function endOfTask(
  cli: Cli,
  { task, output, problem }: Followed,
  { isTold = false }: { isTold?: boolean } = {},
): void {
  const { terminal } = cli;
  const isDone = task.state === "settled" || (task.state === "delivered" && problem === null);
  if (!isDone) cli.exitCode = exitCodes.failure;
  if (isTold) return;
  if (cli.json) return terminal.printJson({ task, output: output ?? null, ...(problem ? { problem } : {}) });
  if (output !== undefined) terminal.print(JSON.stringify(output, null, 2));
}
