import {
  type Agent,
  type AuctionMode,
  type Json,
  LONGEST_BACKOFF_SECONDS,
  MAX_ATTEMPTS,
  type RetryPolicy,
  StoaError,
} from "@stoa/protocol";
import type { StoaClient } from "@stoa/sdk";
import { Command, Option } from "commander";
import { findAgent } from "../agent/find-agent.ts";
import type { Cli, GlobalOptions } from "../cli.ts";
import { openMarket } from "../profile/open-market.ts";
import { parseSeconds } from "../terminal/parse-seconds.ts";
import { endOfTask } from "./end-of-task.ts";
import { followTask } from "./follow-task.ts";
import { readInput } from "./read-input.ts";
import { wrapText } from "./wrap-text.ts";

interface Options extends GlobalOptions {
  input: string;
  inputJson?: boolean;
  maxPrice: string;
  deadline: string;
  agent?: string;
  auction: AuctionMode;
  memo?: string;
  subtaskBudget?: string;
  attempts?: string;
  backoff: string;
  deadLetter?: boolean;
  watch?: boolean;
  accept: boolean;
}

export function submit(cli: Cli): Command {
  return new Command("submit")
    .description("have a task done: signs an order with your wallet and submits it")
    .argument("<capability>", "what is to be done, such as text.summarize")
    .requiredOption("--input <file>", "its input: a .json file, any text, or - for standard input")
    .option("--input-json", "the input is JSON, whatever its file is called")
    .requiredOption("--max-price <amount>", "the most it may cost, platform fee included")
    .option("--deadline <time>", "when it must be delivered, from now", "5m")
    .option("--agent <id|name>", "only this agent may do it")
    .addOption(
      new Option("--auction <mode>", "sealed bids and a clearing price, or an open descending auction")
        .choices(["sealed", "open"])
        .default("sealed"),
    )
    .option("--memo <text>", "a note for the nodes")
    .option("--subtask-budget <amount>", "what its agent may order of others besides; needs --watch, to let its node")
    .option("--attempts <number>", "try it so often, whoever fails it; without this its agent's failure ends it")
    .option("--backoff <time>", "with --attempts: the pause after its agent's first failure; it doubles", "10s")
    .option("--dead-letter", "with --attempts: keep it when all have failed, for stoa task retry")
    .option("--watch", "follow it, check and accept the result, and print it")
    .option("--no-accept", "with --watch: leave the acceptance to you")
    .addHelpText(
      "after",
      `
Examples: stoa task submit text.summarize --input README.md --max-price 0.05 --watch
          stoa task submit text.summarize --input README.md --max-price 0.05 --auction open --watch`,
    )
    .action((capability: string, _options: unknown, self: Command) => run(cli, capability, self.optsWithGlobals()));
}

async function run(cli: Cli, capability: string, options: Options): Promise<void> {
  const { terminal } = cli;
  const given = await readInput(cli, options.input, options.inputJson === true);
  const deliverInSeconds = parseSeconds(options.deadline, "--deadline");
  const market = await openMarket(cli, options, "account");
  const { client, money } = market;
  const maxPrice = money.parse(options.maxPrice);
  const signer = await market.wallet();
  const agent = options.agent === undefined ? null : await findAgent(client, options.agent);
  const input = given.kind === "json" ? given.value : await inputOfText(client, given.text, capability, agent);
  const { taskId } = await client.tasks.submit({
    capability,
    input,
    maxPrice,
    deliverInSeconds,
    signer,
    auction: options.auction,
    ...(agent ? { agentVersion: agent.versionId } : {}),
    ...(options.subtaskBudget === undefined ? {} : { subtaskBudget: money.parse(options.subtaskBudget) }),
    ...retryOf(options),
    ...(options.memo === undefined ? {} : { memo: options.memo }),
  });
  if (!options.watch) {
    if (cli.json) return terminal.printJson({ taskId });
    terminal.print(taskId);
    return terminal.note(
      terminal.err.dim(`Follow it, and accept the result: stoa task watch ${taskId.slice(0, 12)} --accept`),
    );
  }
  const followed = await followTask(cli, market, taskId, { onDelivery: options.accept ? "accept" : "end" });
  endOfTask(cli, followed);
}

/** @throws {StoaError} `invalid_request` for a number of attempts that no order may ask for */
function retryOf({ attempts, backoff, deadLetter }: Options): { retry?: RetryPolicy } {
  if (attempts === undefined) {
    if (deadLetter) throw new StoaError("invalid_request", "--dead-letter goes with --attempts");
    return {};
  }
  const maxAttempts = Number(attempts);
  if (!Number.isInteger(maxAttempts) || maxAttempts < 1 || maxAttempts > MAX_ATTEMPTS)
    throw new StoaError("invalid_request", `--attempts must be a number from 1 to ${MAX_ATTEMPTS}, got ${attempts}`);
  const backoffSeconds = parseSeconds(backoff, "--backoff");
  if (backoffSeconds > LONGEST_BACKOFF_SECONDS)
    throw new StoaError("invalid_request", `--backoff must be at most ${LONGEST_BACKOFF_SECONDS} s, got ${backoff}`);
  return { retry: { maxAttempts, backoffSeconds, ...(deadLetter ? { deadLetter } : {}) } };
}

/** Plain text goes where the agents of the capability want their one text. */
async function inputOfText(client: StoaClient, text: string, capability: string, agent: Agent | null): Promise<Json> {
  const chosen = agent ?? (await newestAgent(client, capability));
  return wrapText(text, chosen.manifest.input, chosen.name);
}

async function newestAgent(client: StoaClient, capability: string): Promise<Agent> {
  const { items } = await client.agents.list({ capability, state: "active", limit: 1 });
  const [newest] = items;
  if (!newest) throw new StoaError("unknown_capability", `no agent offers ${capability}`);
  return client.agents.get(newest.versionId);
}
