import type { EscrowStatus } from "@stoa/chain";
import type { Command } from "commander";
import type { Cli } from "../cli.ts";
import { contractVerb } from "../contracts/contract-verb.ts";
import { openContracts } from "../contracts/open-contracts.ts";
import type { ChainOptions } from "../profile/open-rpc.ts";
import { instant } from "../terminal/instant.ts";
import type { Money } from "../terminal/money.ts";
import { parseNumber } from "../terminal/parse-number.ts";
import { formatPercent } from "../terminal/percent.ts";
import { fields } from "../terminal/table.ts";
import { requireEscrow } from "./require-escrow.ts";

export function show(cli: Cli): Command {
  return contractVerb("show", "show an escrow: its sides, its money, its times, and what can be done now", [
    "stoa escrow show 3 --json",
  ])
    .argument("<number>", "the escrow's number")
    .action((number: string, _options: unknown, self: Command) => run(cli, number, self.optsWithGlobals()));
}

async function run(cli: Cli, number: string, options: ChainOptions): Promise<void> {
  const { terminal } = cli;
  const escrowId = parseNumber(number, "an escrow's number");
  const contracts = await openContracts(cli, options);
  const found = await requireEscrow(contracts, escrowId);
  if (cli.json) {
    const { terms, approveBy, lapsesAt, ...record } = found;
    const times = { deliverBy: instant(terms.deliverBy), approveBy: instant(approveBy), lapsesAt: instant(lapsesAt) };
    return terminal.printJson({ escrowId, ...record, ...terms, ...times });
  }
  terminal.print(`${terminal.out.bold(`escrow ${escrowId}`)}  ${found.state}`);
  terminal.print(fields(terminal.out, entriesOf(found, await contracts.moneyIn(found.terms.token))));
  const next = nextOf(escrowId, found);
  if (next !== undefined) terminal.note(terminal.err.dim(next));
}

function entriesOf(found: EscrowStatus, money: Money): [string, string | undefined][] {
  const { terms, feeBps, damagesBps, court, approveBy, lapsesAt, resultHash } = found;
  return [
    ["requester", terms.requester],
    ["provider", terms.provider],
    ["holds", `${money.format(terms.amount)}, a fee of ${formatPercent(feeBps)} of the price in it`],
    ["node at stake", terms.node === null ? undefined : `${terms.node}, for ${formatPercent(damagesBps)} of a refund`],
    ["task", terms.taskHash],
    ["deliver by", instant(terms.deliverBy)],
    ["approval", `${terms.approvalWindow} s${approveBy === null ? "" : `, until ${instant(approveBy)}`}`],
    ["verifier", terms.verifier?.address],
    ["result", resultHash ?? undefined],
    ["court", court],
    ["lapses", instant(lapsesAt) ?? undefined],
  ];
}

function nextOf(escrowId: bigint, { state, approveBy }: EscrowStatus): string | undefined {
  if (state === "funded") return `The provider delivers: stoa escrow deliver ${escrowId} --result <file>`;
  if (state === "delivered") {
    return (
      `The requester releases it: stoa escrow release ${escrowId}; so may anyone from ${instant(approveBy)}.\n` +
      `What is wrong is disputed before: stoa dispute open ${escrowId}`
    );
  }
  if (state === "held") return "The court has it: stoa dispute show <number>";
  return "It is over; what it credited is fetched with stoa escrow withdraw";
}
