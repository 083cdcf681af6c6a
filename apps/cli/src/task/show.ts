import { StoaError, type Task } from "@stoa/protocol";
import { Command } from "commander";
import type { Cli, GlobalOptions } from "../cli.ts";
import { openMarket, type OpenedMarket } from "../profile/open-market.ts";
import { fields } from "../terminal/table.ts";
import { bandText, reasonText } from "./reason-text.ts";
import { splitText } from "./tell-end.ts";
import { shortId } from "../terminal/short-id.ts";

interface Options extends GlobalOptions {
  result?: boolean;
}

export function show(cli: Cli): Command {
  return new Command("show")
    .description("show a task; its result when it is yours")
    .argument("<id>", "the task's id, or its first eight digits or more")
    .option("--result", "only the result's output, as JSON")
    .addHelpText("after", "\nExample: stoa task show 0x1a2b3c4d --result")
    .action((id: string, _options: unknown, self: Command) => run(cli, id, self.optsWithGlobals()));
}

async function run(cli: Cli, id: string, options: Options): Promise<void> {
  const { terminal } = cli;
  const market = await openMarket(cli, options, "account");
  const { client } = market;
  const task = await client.tasks.get(id);
  if (options.result) {
    if (!task.result) throw new StoaError("wrong_state", `a task that is ${task.state} has no result`);
    return terminal.printJson((await client.tasks.result(task.id)).output);
  }
  if (cli.json) return terminal.printJson(task);
  printTask(cli, market, task);
}

function printTask({ terminal }: Cli, { money }: OpenedMarket, task: Task): void {
  const { bold, dim } = terminal.out;
  const { award, outcome, settlement } = task;
  terminal.print(`${bold(task.capability)}  ${task.state}`);
  terminal.print(
    fields(terminal.out, [
      ["id", task.id],
      ["requester", task.requester],
      ["agent", task.agentVersion ?? undefined],
      ["at most", money.format(task.maxPrice)],
      ["besides", task.spec.subtasks && `${money.format(task.spec.subtasks.budget)} for sub-tasks`],
      ["paid by", task.spec.budgetOf && `the budget of ${task.spec.budgetOf}`],
      ["opened", task.openedAt],
      ["due", task.deliverBy],
      ["memo", task.spec.memo],
      ["awarded", award && `${award.node} at ${money.format(award.price)}, royalty ${money.bare(award.royalty)} of it`],
      [task.spec.auction === "open" ? "auction" : "round", award?.roundId],
      ["result", task.result?.hash],
      ["attempts", attemptsText(task)],
      ["outcome", outcome && outcomeText(outcome, money)],
      [
        "on chain",
        settlement &&
          `${settlement.state}${settlement.txHash === null ? "" : `  ${settlement.txHash}`}${settlement.reason === null ? "" : `  ${settlement.reason}`}`,
      ],
    ]),
  );
  for (const { node, state, failure, stats } of task.executions) {
    const ordered = stats?.subtasks
      ? `, ${stats.subtasks.done} sub-tasks for ${money.format(stats.subtasks.charged)}`
      : "";
    const models = (stats?.models ?? [])
      .map(({ name, inputTokens, outputTokens, cost }) => {
        const tokens = (inputTokens + outputTokens).toLocaleString("en");
        return `, ${tokens} tokens of ${name} that cost its node ${money.format(cost)}`;
      })
      .join("");
    const took = stats ? ` in ${Math.round(stats.wallMs)} ms` : "";
    const why = failure ? `: ${failure.reason}${failure.message === undefined ? "" : `, ${failure.message}`}` : "";
    terminal.print(`${dim("execution")}  ${shortId(node)} ${state}${took}${ordered}${models}${why}`);
  }
  for (const reason of task.unserved ?? []) {
    terminal.print(`${dim("no taker")}  ${reasonText(reason)}`);
    terminal.print(`          ${dim(reason.remedy)}`);
    for (const band of reason.bands ?? []) terminal.print(`          ${bandText(band, money)}`);
  }
}

function attemptsText({ attempts, notBefore, state, spec }: Task): string | undefined {
  if (attempts === 0 && !spec.retry) return undefined;
  const most = spec.retry ? ` of ${spec.retry.maxAttempts}` : "";
  const next = notBefore === undefined ? "" : `, the next one from ${notBefore}`;
  return `${attempts}${most} failed${next}${state === "dead" ? "; again: stoa task retry" : ""}`;
}

function outcomeText(outcome: NonNullable<Task["outcome"]>, money: OpenedMarket["money"]): string {
  if (outcome.kind === "unpaid")
    return `${outcome.reason}${outcome.message === undefined ? "" : `: ${outcome.message}`}; nothing was charged`;
  return splitText({ money }, outcome, String);
}
