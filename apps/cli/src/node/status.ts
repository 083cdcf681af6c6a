import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Node, StoaError } from "@stoa/protocol";
import { Command } from "commander";
import type { Cli, GlobalOptions } from "../cli.ts";
import { exitCodes } from "../exit-code.ts";
import { openMarket } from "../profile/open-market.ts";
import { resolveProfile } from "../profile/resolve-profile.ts";
import { age } from "../terminal/age.ts";
import { shortId } from "../terminal/short-id.ts";
import { fields } from "../terminal/table.ts";
import { nodeFolder, type NodeFolderOptions } from "./node-folder.ts";

interface Options extends GlobalOptions, NodeFolderOptions {}

/** The part that is read of what a node writes about itself. */
interface StatusFile {
  pid: number;
  node: string;
  name: string;
  connection: string;
  connectionDetail: string;
  draining: boolean;
  slots: number;
  running: { taskId: string; agent: string; startedAt: string }[];
  agents: string[];
  /** Absent before the node of an older version was started again. */
  endpoints?: { agent: string; url: string; state: string; since: string; detail: string }[];
  delivered: number;
  failed: number;
  earned: string;
  updatedAt: string;
}

export function status(cli: Cli): Command {
  return new Command("status")
    .description("what a node on this machine says of itself, and what the market says of it")
    .option("--name <name>", "the node's name", "node")
    .option("--data <folder>", "its folder (default: nodes/<name> in STOA_HOME)")
    .addHelpText("after", "\nExample: stoa node status --name attic")
    .action((_options: unknown, self: Command) => run(cli, self.optsWithGlobals()));
}

async function run(cli: Cli, options: Options): Promise<void> {
  const { terminal } = cli;
  const folder = nodeFolder(cli, resolveProfile(options, cli.env, cli.cwd).home, options);
  const own = await readStatus(folder);
  const isAlive = isRunning(own.pid);
  if (!isAlive) cli.exitCode = exitCodes.failure;
  const { client, money } = await openMarket(cli, options, "anyone");
  const known = await client.nodes.get(own.node).catch(notFoundAsNull);
  if (cli.json) return terminal.printJson({ ...own, isAlive, market: known });
  const { bold, green, red, dim } = terminal.out;
  const state = isAlive ? green(own.draining ? "finishing its work" : own.connection) : red("not running");
  terminal.print(`${bold(own.name)}  ${state}  ${isAlive ? dim(own.connectionDetail) : ""}`.trimEnd());
  terminal.print(
    fields(terminal.out, [
      ["id", own.node],
      ["process", isAlive ? String(own.pid) : undefined],
      ["slots", `${own.running.length} of ${own.slots} busy`],
      ["hosts", own.agents.join(", ") || "nothing"],
      ["delivered", `${own.delivered}, ${own.failed} failed`],
      ["earned", money.format(own.earned)],
      ["in the market", known ? describe(known, money.format(known.stake)) : "unknown"],
      ["told", own.updatedAt],
    ]),
  );
  for (const { agent, url, state, since, detail } of own.endpoints ?? [])
    terminal.print(
      state === "answers"
        ? `${agent} is reached at ${url}`
        : `${red(`no bids for ${agent}`)}: ${url} ${state === "silent" ? `has not answered for ${age(since, Date.now())}: ${detail}` : "was not asked yet"}`,
    );
  for (const { taskId, agent, startedAt } of own.running)
    terminal.print(`running ${shortId(taskId)} with ${shortId(agent)} for ${age(startedAt, Date.now())}`);
}

function describe(node: Node, stake: string): string {
  return `${node.online ? "online" : "offline"}, stake ${stake}, ${node.awards.delivered} delivered, ${node.awards.faulted} at fault`;
}

async function readStatus(folder: string): Promise<StatusFile> {
  const path = join(folder, "status.json");
  try {
    return JSON.parse(await readFile(path, "utf8")) as StatusFile;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "ENOENT") throw cause;
    throw new StoaError("not_found", `no node has run in ${folder}: start one with \`stoa node start\``, { cause });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function notFoundAsNull(error: unknown): null {
  if (error instanceof StoaError && error.code === "not_found") return null;
  throw error;
}
