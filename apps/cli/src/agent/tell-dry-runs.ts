import type { DryRun } from "@stoa/agent-kit/project";
import type { Money } from "../terminal/money.ts";
import { printable } from "../terminal/printable.ts";
import { table } from "../terminal/table.ts";
import type { Terminal } from "../terminal/terminal.ts";

/** Longest that a result is shown in full. */
const MAX_SHOWN = 200;

/** Tells what came of an agent's inputs: a line for each, then what is wrong, then what it gave. */
export function tellDryRuns(terminal: Terminal, runs: readonly DryRun[], money: Money): void {
  const { bold, dim, green, red } = terminal.out;
  terminal.print(
    table(terminal.out, runs, [
      { title: "input", value: ({ name }) => bold(printable(name)) },
      {
        title: "result",
        value: (run) => (run.passed ? green(run.isExpected ? "as expected" : "ok") : red(verdict(run))),
      },
      { title: "time", value: ({ stats }) => `${stats.wallMs.toFixed(1)} ms`, right: true },
      { title: "memory", value: ({ stats }) => memoryText(stats.peakMemoryMb), right: true },
      ...(runs.some(({ stats }) => stats.fuel !== undefined)
        ? [{ title: "fuel", value: ({ stats }: DryRun) => stats.fuel?.toLocaleString("en") ?? "?", right: true }]
        : []),
      { title: "output", value: ({ outputBytes }) => `${outputBytes} B`, right: true },
      { title: "price", value: ({ price }) => (price === null ? "none" : money.format(price)), right: true },
    ]),
  );
  for (const { name, problems } of runs)
    for (const problem of problems) terminal.print(`${red("✗")} ${printable(name)}: ${printable(problem)}`);
  for (const { name, output } of runs)
    if (output !== null) terminal.print(`${dim(printable(name))} ${printable(shorten(JSON.stringify(output)))}`);
}

function verdict({ reason }: DryRun): string {
  return reason ?? "unexpected";
}

function memoryText(peakMemoryMb: number | undefined): string {
  return peakMemoryMb === undefined ? "?" : `${peakMemoryMb.toFixed(1)} MB`;
}

function shorten(text: string): string {
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}
