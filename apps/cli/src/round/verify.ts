import type { SignedReceipt, VerificationReport } from "@stoa/core";
import {
  decodeTyped,
  type Hash,
  parseHash,
  type PublishedRound,
  type RoundRecord,
  type Signature,
  StoaError,
} from "@stoa/protocol";
import { checkReceipt, type RoundVerification, verifyPublished } from "@stoa/sdk";
import { Command } from "commander";
import type { Cli, GlobalOptions } from "../cli.ts";
import { openMarket } from "../profile/open-market.ts";
import { findRound } from "./find-round.ts";
import { readRecord } from "./read-record.ts";
import { tellChecks } from "./tell-checks.ts";

interface Options extends GlobalOptions {
  payments?: boolean;
  expect?: string;
  anchored?: boolean;
  receipt?: string;
}

interface Checked extends RoundVerification {
  /** What a receipt says of it, when one was given. */
  receipt?: VerificationReport["checks"][number];
}

export function verify(cli: Cli): Command {
  return new Command("verify")
    .description("check a closed round's public record here: signatures, outcome, prices")
    .argument("<round>", "the round's id or its first digits; or a saved record's file, - for standard input")
    .option("--payments", "also clear again without each winner to check the payments: longer for large rounds")
    .option("--expect <hash>", "the outcome hash the record must have")
    .option("--anchored", "also check that the record lies under a hash that is anchored on chain")
    .option("--receipt <file>", "also check that the record has the sheet of a node's receipt, a JSON file")
    .addHelpText(
      "after",
      "\nExamples: stoa round verify 0x1a2b3c4d --payments\n          stoa round verify round.json --expect 0x… (asks no market)",
    )
    .action((round: string, _options: unknown, self: Command) => run(cli, round, self.optsWithGlobals()));
}

async function run(cli: Cli, round: string, options: Options): Promise<void> {
  const { terminal } = cli;
  const outcomeHash = options.expect === undefined ? {} : { outcomeHash: parseHash(options.expect, "--expect") };
  const isId = /^0x[0-9a-fA-F]{6,64}$/.test(round);
  const { verification, record } = isId
    ? await verifyPublic(cli, round, options, outcomeHash)
    : await verifySaved(cli, round, options, outcomeHash);
  const checked: Checked = { ...verification };
  if (options.receipt !== undefined && verification.ok) {
    checked.receipt = await checkReceipt(record, toReceipt(await readRecord(cli, options.receipt)));
    checked.ok = checked.receipt.ok;
  }
  if (cli.json) terminal.printJson(checked);
  else tell(cli, checked, options);
  const failure =
    [checked.record, ...checked.supplements].find(({ ok }) => !ok)?.firstFailure ??
    (checked.receipt?.ok === false ? checked.receipt : undefined);
  const { roundId } = verification;
  if (failure) throw new StoaError("invalid_record", `${failure.name}: ${failure.detail}`, { details: { roundId } });
}

interface Verified {
  verification: RoundVerification;
  record: RoundRecord;
}

/** Checks the round as its market publishes it. */
async function verifyPublic(
  cli: Cli,
  id: string,
  { payments = false, anchored = false, ...options }: Options,
  expected: { outcomeHash?: Hash },
): Promise<Verified> {
  const { client, profile } = await openMarket(cli, options, "anyone");
  const roundId = await findRound(client, id);
  cli.terminal.waiting(`checking round ${roundId}`);
  const rpcUrl = profile.rpcUrl === null ? {} : { rpcUrl: profile.rpcUrl };
  const verification = await client.rounds.verify(roundId, { payments, anchored, ...expected, ...rpcUrl });
  const needsRecord = options.receipt !== undefined && verification.ok;
  const { record } = needsRecord ? await client.rounds.record(roundId) : { record: null };
  return { verification, record: record as RoundRecord };
}

/** Checks a saved record, asking nobody. */
async function verifySaved(
  cli: Cli,
  path: string,
  { payments = false, anchored = false }: Options,
  expected: { outcomeHash?: Hash },
): Promise<Verified> {
  if (anchored)
    throw new StoaError(
      "invalid_request",
      "a file alone cannot be held to an anchor: verify the round by its id with --anchored and --expect the file's hash",
    );
  const given = await readRecord(cli, path);
  cli.terminal.waiting("checking the record");
  const verification = await verifyPublished(given, { payments, ...expected });
  const { record = given } = (given ?? {}) as Partial<PublishedRound>;
  return { verification, record: record as RoundRecord };
}

/** @throws {StoaError} `invalid_request` for a file that is no receipt */
function toReceipt(json: unknown): SignedReceipt {
  const { receipt, signature } = (json ?? {}) as { receipt?: unknown; signature?: unknown };
  if (typeof signature !== "string") throw new StoaError("invalid_request", "a receipt is {receipt, signature}");
  return { receipt: decodeTyped("SheetReceipt", receipt), signature: signature as Signature };
}

function tell(cli: Cli, { ok, roundId, record, supplements, receipt }: Checked, { payments }: Options): void {
  const { terminal } = cli;
  const { bold, green, dim } = terminal.out;
  tellChecks(cli, record);
  for (const [at, report] of supplements.entries()) {
    terminal.print(dim(`re-award ${at + 1}`));
    tellChecks(cli, report);
  }
  if (receipt) tellChecks(cli, { checks: [receipt] });
  if (!ok) return;
  terminal.print(bold(green(`round ${roundId} checks out`)));
  if (!payments) terminal.print(dim("Payments were not cleared again, only bounded: --payments does it."));
}
