import { tokenBalance } from "@stoa/chain";
import { Command } from "commander";
import type { Cli, GlobalOptions } from "../cli.ts";
import { openChain } from "../profile/open-chain.ts";
import { openMarket } from "../profile/open-market.ts";
import { addPageOptions, nextPageHint, type PageOptions, pageQuery } from "../terminal/page-options.ts";
import { shortId } from "../terminal/short-id.ts";
import { fields, table } from "../terminal/table.ts";

interface Options extends GlobalOptions, PageOptions {
  entries?: boolean;
}

export function balance(cli: Cli): Command {
  const command = new Command("balance")
    .description("what your account holds, and what your wallet still holds outside the market")
    .option("--entries", "list the ledger's lines too, the newest first")
    .addHelpText("after", "\nExample: stoa account balance --entries");
  return addPageOptions(command).action((_options: unknown, self: Command) => run(cli, self.optsWithGlobals()));
}

async function run(cli: Cli, options: Options): Promise<void> {
  const { terminal } = cli;
  const market = await openMarket(cli, options, "account");
  const { client, money, info } = market;
  const account = await client.account.get();
  const entries = options.entries ? await client.account.entries(pageQuery(options)) : null;
  const walletHolds = await walletBalance(market);
  if (cli.json)
    return terminal.printJson({
      ...account,
      token: info.token,
      wallet: walletHolds?.toString() ?? null,
      ...(entries ? { entries } : {}),
    });
  const { balances } = account;
  const unlessZero = (units: string) => (units === "0" ? undefined : money.format(units));
  terminal.print(
    fields(terminal.out, [
      ["account", `${account.address}  ${account.roles.join(", ")}`],
      ["available", terminal.out.bold(money.format(balances.available))],
      ["held", unlessZero(balances.held)],
      ["earmarked", unlessZero(balances.earmarked)],
      ["withdrawing", unlessZero(balances.withdrawing)],
      ["staked", unlessZero(balances.staked)],
      ["bonded", unlessZero(balances.bonded)],
      ["unstaking", unlessZero(balances.unstaking)],
      ["in the wallet", walletHolds === null ? undefined : money.format(walletHolds)],
    ]),
  );
  if (!entries) return;
  terminal.print();
  terminal.print(
    table(terminal.out, entries.items, [
      { title: "posted", value: (entry) => entry.postedAt },
      { title: "what", value: (entry) => entry.kind },
      { title: "book", value: (entry) => entry.account.split(":", 1)[0] ?? "" },
      { title: "amount", value: (entry) => money.bare(entry.amount), right: true },
      { title: "task", value: (entry) => (entry.taskId === null ? "" : shortId(entry.taskId)) },
    ]),
  );
  nextPageHint(terminal, entries.nextCursor);
  for (const { manifest, from, to, rows } of entries.archived ?? [])
    terminal.print(`${rows} more from ${from} to ${to} are archived under ${manifest}`);
}

/** Null when the profile has no wallet, or nobody says where the chain is. */
async function walletBalance(market: Awaited<ReturnType<typeof openMarket>>): Promise<bigint | null> {
  const { profile, info } = market;
  if (profile.walletKeyFile === null || (profile.rpcUrl ?? info.rpcUrl) === undefined) return null;
  const { sender, token, wallet } = await openChain(market);
  return tokenBalance(sender.chain, token, wallet.address);
}
