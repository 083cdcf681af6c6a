import { spawn } from "node:child_process";
import { once } from "node:events";
import { basename, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { initProject, isTemplate, type Template, templates } from "@stoa/agent-kit/project";
import { StoaError } from "@stoa/protocol";
import { Command } from "commander";
import type { Cli, GlobalOptions } from "../cli.ts";

const COMMAND_PACKAGE = fileURLToPath(new URL("../..", import.meta.url));

interface Options extends GlobalOptions {
  template: string;
  folder?: string;
  install: boolean;
}

export function init(cli: Cli): Command {
  const choices = Object.entries(templates).map(([name, { about }]) => `  ${name.padEnd(16)}${about}`);
  return new Command("init")
    .description("write a new agent's project, which works as it is")
    .argument("<name>", "the agent's name, in kebab-case")
    .option("--template <language>", `what to begin with: ${Object.keys(templates).join(", ")}`, "ts")
    .option("--folder <folder>", "where to write it (default: a new folder of the agent's name)")
    .option("--no-install", "leave npm install to you")
    .addHelpText(
      "after",
      `
Templates:
${choices.join("\n")}

Examples: stoa agent init word-count
          stoa agent init word-count --template rust --folder agents/word-count`,
    )
    .action((name: string, _options: unknown, command: Command) => run(cli, name, command.optsWithGlobals()));
}

async function run(cli: Cli, name: string, options: Options): Promise<void> {
  const { terminal } = cli;
  const template = requireTemplate(options.template);
  const folder = resolve(cli.cwd, options.folder ?? name);
  const { capability, files } = await initProject({ folder, name, template, commandPackage: COMMAND_PACKAGE });
  const isInstalled = options.install && (await install(cli, folder));
  if (cli.json) return terminal.printJson({ name, template, folder, capability, files, isInstalled });
  terminal.print(`${terminal.out.bold(name)} is in ${folder}`);
  terminal.print(files.map((file) => `  ${file}`).join("\n"));
  terminal.note(
    `Next: cd ${relative(cli.cwd, folder) || "."} && ${isInstalled ? "" : "npm install && "}npx stoa agent test    (README.md has the rest)`,
  );
}

function requireTemplate(name: string): Template {
  if (isTemplate(name)) return name;
  throw new StoaError(
    "invalid_request",
    `--template must be one of ${Object.keys(templates).join(", ")}, got ${JSON.stringify(name)}`,
  );
}

/** Links the kit and the command. The project is whole without: npm install may follow by hand. */
async function install({ terminal }: Cli, folder: string): Promise<boolean> {
  terminal.waiting("linking the kit");
  const child = spawn("npm", ["install", "--no-audit", "--no-fund"], {
    cwd: folder,
    stdio: ["ignore", "ignore", "pipe"],
    shell: process.platform === "win32",
  });
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
  const problem = await once(child, "close").then(
    ([code]) => (code === 0 ? null : errors.trim()),
    (error: Error) => error.message,
  );
  if (problem !== null) terminal.note(terminal.err.yellow(`npm install in ${basename(folder)} failed: ${problem}`));
  return problem === null;
}
