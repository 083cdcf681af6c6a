import { deliverResult, deliverVerified } from "@stoa/chain";
import { type Hash, StoaError } from "@stoa/protocol";
import type { Command } from "commander";
import type { Cli } from "../cli.ts";
import { contractVerb } from "../contracts/contract-verb.ts";
import { openContracts } from "../contracts/open-contracts.ts";
import { readContentHash } from "../contracts/read-content-hash.ts";
import { tellSent } from "../contracts/tell-sent.ts";
import type { ChainOptions } from "../profile/open-rpc.ts";
import { instant } from "../terminal/instant.ts";
import { parseNumber } from "../terminal/parse-number.ts";
import { requireEscrow } from "./require-escrow.ts";

interface Options extends ChainOptions {
  result?: string;
  resultHash?: string;
  verify?: boolean;
  evidence: string;
}

export function deliver(cli: Cli): Command {
  return contractVerb("deliver", "say on chain what you deliver for an escrow, as its provider", [
    "stoa escrow deliver 3 --result result.json",
    "stoa escrow deliver 3 --result result.json --verify",
  ])
    .argument("<number>", "the escrow's number")
    .option("--result <file>", "what is delivered; its SHA-256 goes on chain, not its content")
    .option("--result-hash <hash>", "the hash of what is delivered, instead of a file")
    .option("--verify", "have the escrow's verifier release it in the same step, or deliver nothing")
    .option("--evidence <hex>", "what the verifier judges by", "0x")
    .action((number: string, _options: unknown, self: Command) => run(cli, number, self.optsWithGlobals()));
}

async function run(cli: Cli, number: string, options: Options): Promise<void> {
  const escrowId = parseNumber(number, "an escrow's number");
  const evidence = parseHex(options.evidence);
  const resultHash = await readContentHash(cli, {
    file: { name: "--result", value: options.result },
    hash: { name: "--result-hash", value: options.resultHash },
  });
  const contracts = await openContracts(cli, options);
  const { terms } = await requireEscrow(contracts, escrowId);
  if (options.verify === true && terms.verifier === null)
    throw new StoaError("wrong_state", `escrow ${escrowId} has no verifier: deliver it without --verify`);
  const [sender, escrow] = [await contracts.sender(), contracts.at("escrow")];
  cli.terminal.waiting("delivering");
  const txHash = await (options.verify === true
    ? deliverVerified(sender, { escrow, escrowId, resultHash, evidence })
    : deliverResult(sender, { escrow, escrowId, resultHash }));
  const { state, approveBy } = await requireEscrow(contracts, escrowId);
  tellSent(cli, {
    text: `delivered ${resultHash} for escrow ${escrowId}, which is ${state}`,
    txHash,
    facts: { escrowId, resultHash, state, approveBy: instant(approveBy) },
    ...(state === "delivered" && approveBy !== null
      ? { hint: `From ${instant(approveBy)} anyone can release it: stoa escrow release ${escrowId}` }
      : {}),
  });
}

function parseHex(text: string): Hash {
  if (/^0x(?:[0-9a-f]{2})*$/i.test(text)) return text as Hash;
  throw new StoaError("invalid_request", `--evidence must be bytes in hex, got ${JSON.stringify(text)}`);
}
