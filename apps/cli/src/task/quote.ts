import { limits, type Quote, StoaError } from "@stoa/protocol";
import { Command } from "commander";
import { findAgent } from "../agent/find-agent.ts";
import type { Cli, GlobalOptions } from "../cli.ts";
import { openMarket, type OpenedMarket } from "../profile/open-market.ts";
import { parseSeconds } from "../terminal/parse-seconds.ts";
import { fields } from "../terminal/table.ts";
import { readInput } from "./read-input.ts";
import { bandText, nodesText, reasonText } from "./reason-text.ts";

interface Options extends GlobalOptions {
  input?: string;
  inputJson?: boolean;
  inputBytes?: string;
  maxPrice?: string;
  deadline: string;
  agent?: string;
}

export function quote(cli: Cli): Command {
  return new Command("quote")
    .description("ask what a task would meet now, without ordering it: an estimate that binds nobody")
    .argument("<capability>", "what is to be done, such as text.summarize")
    .option("--input <file>", "its input, of which only the size is sent: a .json file, any text, or -")
    .option("--input-json", "the input is JSON, whatever its file is called")
    .option("--input-bytes <n>", "the size of its input, instead")
    .option("--max-price <amount>", "how many nodes this maximum would pay for")
    .option("--deadline <time>", "when it must be delivered, from now", "5m")
    .option("--agent <id|name>", "only this agent may do it")
    .addHelpText("after", "\nExample: stoa task quote text.summarize --input README.md --max-price 0.05")
    .action((capability: string, _options: unknown, self: Command) => run(cli, capability, self.optsWithGlobals()));
}

async function run(cli: Cli, capability: string, options: Options): Promise<void> {
  const deliverInSeconds = parseSeconds(options.deadline, "--deadline");
  const market = await openMarket(cli, options, "anyone");
  const { client, money } = market;
  const maxPrice = options.maxPrice === undefined ? undefined : money.parse(options.maxPrice);
  const agent = options.agent === undefined ? null : await findAgent(client, options.agent);
  const quoted = await client.tasks.quote({
    capability,
    deliverInSeconds,
    ...(await sizeOf(cli, options)),
    ...(maxPrice === undefined ? {} : { maxPrice }),
    ...(agent ? { agentVersion: agent.versionId } : {}),
  });
  if (cli.json) return cli.terminal.printJson(quoted);
  printQuote(cli, market, quoted);
}

async function sizeOf(cli: Cli, { input, inputJson, inputBytes }: Options) {
  if (inputBytes !== undefined) {
    if (!/^\d{1,9}$/.test(inputBytes) || Number(inputBytes) > limits.inputBytes)
      throw new StoaError(
        "invalid_request",
        `--input-bytes must be a whole number of at most ${limits.inputBytes}, got ${JSON.stringify(inputBytes)}`,
      );
    return { inputBytes: Number(inputBytes) };
  }
  if (input === undefined) return {};
  const given = await readInput(cli, input, inputJson === true);
  // Plain text is submitted as an agent's one text, whatever its name: quotes are about sizes of about a kind.
  return { input: given.kind === "json" ? given.value : { text: given.text } };
}

function printQuote({ terminal }: Cli, { money }: OpenedMarket, quoted: Quote): void {
  const { bold, dim } = terminal.out;
  const { price, start, maximum, reasons, competitors } = quoted;
  terminal.print(bold(quoted.summary));
  terminal.print(
    fields(terminal.out, [
      ["would bid now", nodesText({ atLeast: competitors, atMost: competitors })],
      ["start", start ? (start.inSeconds === 0 ? "at once" : `in about ${start.inSeconds} s`) : "not foreseeable"],
      ["delivery", start ? `within about ${start.deliveredInSeconds} s` : undefined],
      [
        "of late",
        price.past
          ? `${money.bare(price.past.low)} to ${money.format(price.past.high)}, ${money.bare(price.past.median)} at the median of ${price.past.awards}`
          : undefined,
      ],
      ["your maximum", maximum && maximumText(maximum, money)],
    ]),
  );
  for (const band of price.bands) terminal.print(`${dim("costs")}  ${bandText(band, money)}`);
  for (const reason of reasons) terminal.print(`${dim("not now")}  ${reasonText(reason)} ${dim(reason.remedy)}`);
  terminal.note(terminal.err.dim("An estimate from live nodes and past awards: it binds nobody."));
}

function maximumText(
  { maxPrice, covers, raiseTo }: NonNullable<Quote["maximum"]>,
  money: OpenedMarket["money"],
): string {
  if (!covers)
    return `${money.format(maxPrice)}; too few providers told what it costs there to say whether it is enough`;
  const more = raiseTo === undefined ? "" : `; ${money.format(raiseTo)} would pay for more`;
  return `${money.format(maxPrice)} pays for ${nodesText(covers)}${more}`;
}
