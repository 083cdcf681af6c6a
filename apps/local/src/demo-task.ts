import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { formatAmount, type Json } from "@stoa/protocol";
import type { AnyEvent, StoaClient } from "@stoa/sdk";
import pc from "picocolors";
import type { LocalAccount } from "viem";

const MAX_PRICE = 50_000n;
const GIVE_UP_MS = 120_000;

export interface DemoTask {
  client: StoaClient;
  requester: LocalAccount;
  /** A text file to be summarised. */
  file: string;
  decimals: number;
  symbol: string;
  /** A node's name by its address. */
  nodeName: (address: string) => string;
  print: (line?: string) => void;
}

/**
 * Runs one real task from order to payment and tells each step as it happens.
 * @throws {Error} when it does not end paid
 */
export async function runDemoTask(demo: DemoTask): Promise<void> {
  const { client, requester, print } = demo;
  const text = await readFile(demo.file, "utf8");
  print(
    pc.bold(
      `\nTask: summarise ${basename(demo.file)} (${text.length} characters) for at most ${money(demo, MAX_PRICE)}`,
    ),
  );
  const { taskId } = await client.tasks.submit({
    capability: "text.summarize",
    input: { text, maxSentences: 4 },
    maxPrice: MAX_PRICE,
    deliverInSeconds: 120,
    signer: requester,
  });
  print(`  ordered     ${pc.dim(taskId)}, ${money(demo, MAX_PRICE)} on hold`);
  let paid = false;
  for await (const update of client.tasks.watch(taskId, { until: "paid", giveUpAfterMs: GIVE_UP_MS })) {
    if (update.kind === "event") await tell(demo, taskId, update.event);
    else paid = update.task.settlement?.state === "confirmed";
  }
  if (!paid) {
    const task = await client.tasks.get(taskId);
    throw new Error(`the task ended ${task.state}: ${JSON.stringify(task.outcome ?? task.unserved ?? {})}`);
  }
  await tellEntries(demo, taskId);
}

async function tell(demo: DemoTask, taskId: `0x${string}`, event: AnyEvent): Promise<void> {
  const { client, requester, print, nodeName } = demo;
  switch (event.type) {
    case "task.unserved":
      return print(
        `  no taker yet: ${event.data.reasons.map(({ reason, nodes }) => `${reason.replaceAll("_", " ")} (${nodes})`).join(", ")}; it is offered again`,
      );
    case "task.awarded":
      return tellRound(demo, taskId, event.data);
    case "task.reopened":
      return print(pc.yellow(`  ${nodeName(event.data.node)} lost it: ${event.data.fault.replaceAll("_", " ")}`));
    case "task.running":
      return print(`  running     on ${nodeName(event.data.node)}`);
    case "execution.logged":
      for (const { text } of event.data.lines) print(pc.dim(`    log | ${text}`));
      return;
    case "execution.progressed":
      return print(pc.dim(`    ${Math.round(event.data.fraction * 100)} %  ${event.data.text}`));
    case "task.delivered": {
      const result = await client.tasks.acceptWhenGood(taskId, { signer: requester });
      print(`  delivered   ${pc.dim(event.data.resultHash)}: hash, schema and price checked, accepted`);
      return tellResult(demo, result.output as Json);
    }
    case "settlement.submitted":
      return print(`  settling    on chain in ${pc.dim(event.data.txHash)}`);
    case "settlement.confirmed":
      return print(pc.green(`  paid        confirmed in ${event.data.txHash}`));
    default:
      return;
  }
}

/** Who bid what, now that the round is closed, and why the winner gets what it gets. */
async function tellRound(
  demo: DemoTask,
  taskId: string,
  award: { roundId: `0x${string}`; node: string; price: string; royalty: string },
): Promise<void> {
  const { client, print, nodeName } = demo;
  const { bids, passes, silent } = await client.rounds.bids(award.roundId);
  const royalty = BigInt(award.royalty);
  print(`  round       ${pc.dim(award.roundId)} closed; sealed bids opened:`);
  const mine = bids.filter((bid) => bid.taskId === taskId).sort((a, b) => Number(BigInt(a.ask) - BigInt(b.ask)));
  for (const bid of mine) {
    const mark = bid.node === award.node ? pc.green("won ") : "    ";
    print(
      `    ${mark}${nodeName(bid.node).padEnd(12)} asks ${money(demo, BigInt(bid.ask))}, promises ${bid.promisedSeconds} s`,
    );
  }
  for (const pass of passes.filter((candidate) => candidate.taskId === taskId))
    print(`        ${nodeName(pass.node).padEnd(12)} passes: ${pass.sentence}`);
  for (const node of silent) print(`        ${nodeName(node).padEnd(12)} did not answer in time`);
  const second = mine.find((bid) => bid.node !== award.node);
  const why = second
    ? `the next best, ${nodeName(second.node)}, would have cost ${money(demo, BigInt(second.ask) + royalty)}: that sets the price, whatever the winner asked`
    : "nobody competed, so the requester's own maximum, less the fee, sets the price";
  print(
    `  awarded     to ${pc.bold(nodeName(award.node))} at ${money(demo, BigInt(award.price))} (royalty ${money(demo, royalty)} within): ${why}`,
  );
}

function tellResult({ print }: DemoTask, output: Json): void {
  const summary = (output as { summary?: string }).summary ?? JSON.stringify(output, null, 2);
  print();
  for (const line of wrap(summary, 92)) print(`    ${pc.cyan(line)}`);
  print();
}

/** The money's way, as the ledger and the chain have it. */
async function tellEntries(demo: DemoTask, taskId: string): Promise<void> {
  const { print, nodeName } = demo;
  const task = await demo.client.tasks.get(taskId);
  if (task.outcome?.kind !== "settled") return;
  const { charge, payment, royalty, fee, refund } = task.outcome;
  const rows: [string, string, string][] = [
    ["held", task.maxPrice, "from the demo account when it ordered"],
    ["charged", charge, "of it"],
    ["  node", payment, `to ${nodeName(task.award?.node ?? "")}'s provider ${task.award?.provider ?? ""}`],
    ["  creator", royalty, `royalty to ${task.award?.terms.creator ?? ""}`],
    ["  platform", fee, "fee"],
    ["refunded", refund, "back to the demo account"],
  ];
  print(pc.bold("  The money's way"));
  for (const [what, units, where] of rows)
    print(`    ${what.padEnd(11)}${money(demo, BigInt(units)).padStart(14)}  ${pc.dim(where)}`);
  print(`    settled on chain ${pc.dim(task.settlement?.txHash ?? "")}`);
}

function money({ decimals, symbol }: Pick<DemoTask, "decimals" | "symbol">, units: bigint): string {
  return `${formatAmount(units, decimals)} ${symbol}`;
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const paragraph of text.split("\n")) {
    let line = "";
    for (const word of paragraph.split(" ")) {
      if (line && line.length + word.length >= width) {
        lines.push(line);
        line = "";
      }
      line += (line && " ") + word;
    }
    lines.push(line);
  }
  return lines;
}
