import { channelOf, redeemVouchers, type SignedVoucher } from "@stoa/chain";
import type { Command } from "commander";
import type { Cli } from "../cli.ts";
import { contractVerb } from "../contracts/contract-verb.ts";
import { openContracts } from "../contracts/open-contracts.ts";
import { exitCodes } from "../exit-code.ts";
import type { ChainOptions } from "../profile/open-rpc.ts";
import { shortId } from "../terminal/short-id.ts";
import { readVouchers } from "./read-vouchers.ts";

export function redeem(cli: Cli): Command {
  return contractVerb("redeem", "redeem the newest vouchers of one or many channels in one transaction", [
    "stoa channel redeem voucher.json",
    "cat vouchers/*.json | stoa channel redeem -",
  ])
    .argument("<file>", "vouchers as stoa channel pay prints them, one a line; - for standard input")
    .action((file: string, _options: unknown, self: Command) => run(cli, file, self.optsWithGlobals()));
}

async function run(cli: Cli, file: string, options: ChainOptions): Promise<void> {
  const { terminal } = cli;
  const vouchers = newestOfEach(await readVouchers(cli, file));
  const { chain, at, moneyIn, ...contracts } = await openContracts(cli, options);
  const sender = await contracts.sender();
  terminal.waiting(`redeeming ${vouchers.length === 1 ? "a voucher" : `${vouchers.length} vouchers`}`);
  const { txHash, paid, skipped } = await redeemVouchers(sender, at("channels"), vouchers);
  if (skipped.length > 0) cli.exitCode = exitCodes.failure;
  if (cli.json) return terminal.printJson({ txHash, paid, skipped });
  for (const { channelId, amount } of paid) {
    const { token } = await channelOf(chain, at("channels"), channelId);
    terminal.print(`${shortId(channelId)}  ${terminal.out.green("redeemed")} ${(await moneyIn(token)).format(amount)}`);
  }
  for (const { channelId, reason } of skipped)
    terminal.print(`${shortId(channelId)}  ${terminal.out.red("refused")} ${reason}`);
  terminal.print(`${terminal.out.dim("transaction")}  ${txHash}`);
  if (paid.length > 0) terminal.note(terminal.err.dim("It is credited to the payee: stoa channel withdraw"));
}

/** A voucher is for all that was paid so far, so of one channel only the highest is worth anything. */
function newestOfEach(vouchers: readonly SignedVoucher[]): SignedVoucher[] {
  const newest = new Map<string, SignedVoucher>();
  for (const voucher of vouchers) {
    const known = newest.get(voucher.channelId);
    if (known === undefined || known.amount < voucher.amount) newest.set(voucher.channelId, voucher);
  }
  return [...newest.values()];
}
