import { CommanderError } from "commander";
import { createCli, type CliIo } from "./cli.ts";
import { exitCodeOf, exitCodes } from "./exit-code.ts";
import { printError } from "./terminal/print-error.ts";
import { createProgram } from "./program.ts";

/**
 * Runs one command and says with which code the process should end. Never throws: every error is printed.
 * @example
 * process.exitCode = await runCli(["task", "list"]);
 */
export async function runCli(args: readonly string[], io: Partial<CliIo> = {}): Promise<number> {
  const cli = createCli(args, io);
  const program = createProgram(cli);
  const interrupted = () => cli.abort.abort();
  process.once("SIGINT", interrupted);
  process.once("SIGTERM", interrupted);
  try {
    await program.parseAsync([...args], { from: "user" });
    return cli.exitCode ?? (cli.abort.signal.aborted ? exitCodes.interrupted : exitCodes.ok);
  } catch (error) {
    // Commander has printed its own already.
    if (!(error instanceof CommanderError)) printError(cli.terminal, error, cli.json);
    return exitCodeOf(error);
  } finally {
    process.off("SIGINT", interrupted);
    process.off("SIGTERM", interrupted);
    cli.terminal.end();
  }
}
