import type { VerificationReport } from "@stoa/core";
import type { Cli } from "../cli.ts";

/** Prints what was checked, a line for each check. */
export function tellChecks({ terminal }: Cli, { checks }: Pick<VerificationReport, "checks">): void {
  const { green, red, dim } = terminal.out;
  for (const { name, ok, detail } of checks)
    terminal.print(`${ok ? green("✓") : red("✗")} ${name.padEnd(12)} ${dim(detail)}`);
}
