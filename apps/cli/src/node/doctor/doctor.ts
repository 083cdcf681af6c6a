import { Command } from "commander";
import type { Cli, GlobalOptions } from "../../cli.ts";
import { exitCodes } from "../../exit-code.ts";
import { resolveProfile } from "../../profile/resolve-profile.ts";
import { printable } from "../../terminal/printable.ts";
import { nodeFolder, type NodeFolderOptions } from "../node-folder.ts";
import { examineEngine } from "./examine-engine.ts";
import { examineHost } from "./examine-host.ts";
import { examineMarket } from "./examine-market.ts";
import { examineSandbox } from "./examine-sandbox.ts";
import type { Finding } from "./finding.ts";

interface Options extends GlobalOptions, NodeFolderOptions {
  docker?: string;
}

export function doctor(cli: Cli): Command {
  return new Command("doctor")
    .description("say what this machine gives a node, what holds its agents in, and what does not")
    .option("--name <name>", "the node's name", "node")
    .option("--data <folder>", "its folder (default: nodes/<name> in STOA_HOME)")
    .option("--docker <socket>", "container engine for agents that are containers")
    .addHelpText(
      "after",
      `
Agents are run for it, in the sandbox a node runs them in. The command ends with code 1 when a node could not work here.

Examples: stoa node doctor
          stoa node doctor --url https://market.example.org --json`,
    )
    .action((_options: unknown, self: Command) => run(cli, self.optsWithGlobals()));
}

async function run(cli: Cli, options: Options): Promise<void> {
  const { terminal } = cli;
  const profile = resolveProfile(options, cli.env, cli.cwd);
  terminal.waiting("looking");
  const found = await Promise.all([
    examineHost(nodeFolder(cli, profile.home, options)),
    examineSandbox(),
    examineEngine(options.docker),
    examineMarket(profile.url),
  ]);
  const findings = found.flat();
  const isFit = findings.every(({ state }) => state !== "bad");
  if (!isFit) cli.exitCode = exitCodes.failure;
  if (cli.json) return terminal.printJson({ isFit, findings });
  const width = Math.max(...findings.map(({ subject }) => subject.length));
  for (const finding of findings) terminal.print(tell(cli, finding, width));
  const { bold, red } = terminal.out;
  terminal.print(
    isFit ? bold("A node can work here.") : red("A node cannot work here until what is marked ✗ is mended."),
  );
}

function tell(cli: Cli, { subject, state, text, remedy }: Finding, width: number): string {
  const { green, yellow, red, dim } = cli.terminal.out;
  const mark = { good: green("✓"), weak: yellow("!"), bad: red("✗") }[state];
  const line = `${mark} ${dim(subject.padEnd(width))}  ${printable(text)}`;
  return remedy === undefined ? line : `${line}\n  ${" ".repeat(width)}  ${remedy}`;
}
