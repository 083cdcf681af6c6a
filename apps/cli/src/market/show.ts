import { Command } from "commander";
import type { Cli, GlobalOptions } from "../cli.ts";
import { openMarket } from "../profile/open-market.ts";
import { fields } from "../terminal/table.ts";

export function show(cli: Cli): Command {
  return new Command("show")
    .description("show the market's terms: chain, vault, token, fee and bounds")
    .addHelpText("after", "\nExample: stoa market show --json")
    .action((_options: unknown, self: Command) => run(cli, self.optsWithGlobals()));
}

async function run(cli: Cli, options: GlobalOptions): Promise<void> {
  const { terminal } = cli;
  const { info, money, profile } = await openMarket(cli, options, "anyone");
  if (cli.json) return terminal.printJson({ url: profile.url, profile: profile.file, ...info });
  terminal.print(
    fields(terminal.out, [
      ["market", `${profile.url}  (version ${info.version}, auction rules ${info.ruleVersion})`],
      ["profile", profile.file ?? "none"],
      ["chain", `${info.chainId}${info.rpcUrl === undefined ? "" : `  ${info.rpcUrl}`}`],
      ["token", `${info.token.symbol}, ${info.token.decimals} decimals  ${info.token.address}`],
      ["vault", info.vault],
      ["operator", info.operator],
      ["fee", `${info.feeBps / 100} %`],
      ["least bond", `${money.format(info.minBond)} per slot`],
      ["round", `closes within ${info.roundWindowMs} ms`],
      [
        "approval",
        `${info.approvalWindowSeconds} s, then the claim goes on chain for ${info.challengeWindowSeconds} s`,
      ],
      ["withdrawal", `waits ${info.withdrawDelaySeconds} s`],
      ["nodes dial", info.network.addresses.join("\n            ") || "nothing yet"],
    ]),
  );
}
