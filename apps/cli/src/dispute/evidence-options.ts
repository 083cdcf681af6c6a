import { type Hash, StoaError } from "@stoa/protocol";
import type { Command } from "commander";
import type { Cli } from "../cli.ts";
import { readContentHash } from "../contracts/read-content-hash.ts";
import type { ChainOptions } from "../profile/open-rpc.ts";

/** Where evidence is, and what it must be. */
export interface EvidenceOptions extends ChainOptions {
  uri?: string;
  file?: string;
  hash?: string;
}

export function addEvidenceOptions(command: Command): Command {
  return command
    .option("--uri <uri>", "where the evidence can be read")
    .option("--file <file>", "the evidence itself; its SHA-256 goes on chain, not its content")
    .option("--hash <hash>", "the evidence's hash, instead of a file");
}

/** @throws {StoaError} `invalid_request`, `not_found`, `malformed_id` */
export async function readEvidence(
  cli: Cli,
  { uri, file, hash }: EvidenceOptions,
): Promise<{ uri: string; contentHash: Hash }> {
  if (uri === undefined)
    throw new StoaError("invalid_request", "the arbitrators read the evidence: say where it is with --uri");
  const contentHash = await readContentHash(cli, {
    file: { name: "--file", value: file },
    hash: { name: "--hash", value: hash },
  });
  return { uri, contentHash };
}
