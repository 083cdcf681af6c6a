import { parseHash, StoaError } from "@stoa/protocol";
import { type RoundVerification, verifyPublished, type VerifyPublished } from "@stoa/sdk";
import { Command } from "commander";
import type { Cli, GlobalOptions } from "../cli.ts";
import { openMarket } from "../profile/open-market.ts";
import { findRound } from "./find-round.ts";
import { readReceipt } from "./read-receipt.ts";
import { readRecord } from "./read-record.ts";
import { tellChecks } from "./tell-checks.ts";

interface Options extends GlobalOptions {
  payments?: boolean;
  expect?: string;
  anchored?: boolean;
  receipt?: string;
}

export function verify(cli: Cli): Command {
  return new Command("verify")
    .description("check a closed round's public record here: signatures, outcome, prices")
    .argument("<round>", "the round's id or its first digits; or a saved record's file, - for standard input")
    .option("--payments", "also clear again without each winner to check the payments: longer for large rounds")
    .option("--expect <hash>", "the outcome hash the record must have")
    .option("--anchored", "also check that the record lies under a hash that is anchored on chain")
    .option("--receipt <file>", "also hold the record to a node's receipt: its receipts.jsonl, or one receipt")
    .addHelpText(
      "after",
      "\nExamples: stoa round verify 0x1a2b3c4d --payments\n          stoa round verify round.json --expect 0x… (asks no market)",
    )
    .action((round: string, _options: unknown, self: Command) => run(cli, round, self.optsWithGlobals()));
}

async function run(cli: Cli, round: string, options: Options): Promise<void> {
  const { terminal } = cli;
  const isId = /^0x[0-9a-fA-F]{6,64}$/.test(round);
  const verification = await (isId ? verifyPublic(cli, round, options) : verifySaved(cli, round, options));
  if (cli.json) terminal.printJson(verification);
  else tell(cli, verification, options);
  const { roundId, record, supplements } = verification;
  const failure = [record, ...supplements].find(({ ok }) => !ok)?.firstFailure;
  if (failure) throw new StoaError("invalid_record", `${failure.name}: ${failure.detail}`, { details: { roundId } });
}

/** What the options ask of a record, wherever it comes from. */
async function demandsOf(
  cli: Cli,
  { payments = false, expect, receipt }: Options,
  roundId: string,
): Promise<VerifyPublished> {
  return {
    payments,
    ...(expect === undefined ? {} : { outcomeHash: parseHash(expect, "--expect") }),
    ...(receipt === undefined ? {} : { receipt: await readReceipt(cli, receipt, roundId) }),
  };
}

/** Checks the round as its market publishes it. */
async function verifyPublic(cli: Cli, id: string, options: Options): Promise<RoundVerification> {
  const { client, profile } = await openMarket(cli, options, "anyone");
  const roundId = await findRound(client, id);
  const demands = await demandsOf(cli, options, roundId);
  cli.terminal.waiting(`checking round ${roundId}`);
  const rpcUrl = profile.rpcUrl === null ? {} : { rpcUrl: profile.rpcUrl };
  return client.rounds.verify(roundId, { ...demands, ...rpcUrl, anchored: options.anchored ?? false });
}

/** Checks a saved record, asking nobody. */
async function verifySaved(cli: Cli, path: string, options: Options): Promise<RoundVerification> {
  if (options.anchored) {
    throw new StoaError(
      "invalid_request",
      "a file alone cannot be held to an anchor: verify the round by its id, with --anchored and --expect the file's hash",
    );
  }
  const given = await readRecord(cli, path);
  const { roundId } = (given ?? {}) as { roundId?: unknown };
  const demands = await demandsOf(cli, options, String(roundId));
  cli.terminal.waiting("checking the record");
  return verifyPublished(given, demands);
}

function tell(cli: Cli, { ok, roundId, record, supplements }: RoundVerification, { payments }: Options): void {
  const { terminal } = cli;
  const { bold, green, dim } = terminal.out;
  tellChecks(cli, record);
  for (const [at, report] of supplements.entries()) {
    terminal.print(dim(`re-award ${at + 1}`));
    tellChecks(cli, report);
  }
  if (!ok) return;
  terminal.print(bold(green(`round ${roundId} checks out`)));
  if (!payments) terminal.print(dim("Payments were not cleared again, only bounded: --payments does it."));
}
