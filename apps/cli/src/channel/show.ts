import { channelOf } from "@stoa/chain";
import { parseHash } from "@stoa/protocol";
import type { Command } from "commander";
import type { Cli } from "../cli.ts";
import { contractVerb } from "../contracts/contract-verb.ts";
import { openContracts } from "../contracts/open-contracts.ts";
import type { ChainOptions } from "../profile/open-rpc.ts";
import { instant } from "../terminal/instant.ts";
import { fields } from "../terminal/table.ts";
import { newestVoucher } from "./voucher-file.ts";

export function show(cli: Cli): Command {
  return contractVerb("show", "show a channel: its sides, its money, and what was signed away of it here", [
    "stoa channel show 0xCHANNEL --json",
  ])
    .argument("<channel>", "the channel's id")
    .action((channel: string, _options: unknown, self: Command) => run(cli, channel, self.optsWithGlobals()));
}

async function run(cli: Cli, text: string, options: ChainOptions): Promise<void> {
  const { terminal } = cli;
  const channelId = parseHash(text, "<channel>");
  const contracts = await openContracts(cli, options);
  const found = await channelOf(contracts.chain, contracts.at("channels"), channelId);
  const signed = (await newestVoucher(contracts, channelId))?.amount ?? null;
  const times = { expiresAt: instant(found.expiresAt), closesAt: instant(found.closesAt) };
  if (cli.json) return terminal.printJson({ ...found, ...times, signed });
  const money = await contracts.moneyIn(found.token);
  terminal.print(`${terminal.out.bold(channelId)}  ${found.state}`);
  terminal.print(
    fields(terminal.out, [
      ["payer", found.payer],
      ["payee", found.payee],
      ["signed by", found.signer],
      ["paid in", money.format(found.funds)],
      ["redeemed", money.format(found.redeemed)],
      ["signed here", signed === null ? undefined : money.format(signed)],
      ["close delay", `${found.closeDelaySeconds} s`],
      ["expires", times.expiresAt ?? "never"],
      ["closes", times.closesAt ?? undefined],
    ]),
  );
}
