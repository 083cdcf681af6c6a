import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { type Hash, parseHash, StoaError } from "@stoa/protocol";
import type { Cli } from "../cli.ts";

/**
 * The SHA-256 of a file's bytes, as sha256sum prints it, or a hash that is given.
 * @param options what the user said, by the option's name; exactly one is wanted
 * @throws {StoaError} `invalid_request`, `not_found`, `malformed_id`
 */
export async function readContentHash(
  cli: Cli,
  options: { file: { name: string; value: string | undefined }; hash: { name: string; value: string | undefined } },
): Promise<Hash> {
  const { file, hash } = options;
  if ((file.value === undefined) === (hash.value === undefined))
    throw new StoaError("invalid_request", `expected either ${file.name} or ${hash.name}`);
  if (hash.value !== undefined) return parseHash(hash.value, hash.name);
  const digest = createHash("sha256");
  try {
    await pipeline(createReadStream(resolve(cli.cwd, file.value ?? "")), digest);
  } catch (cause) {
    throw new StoaError("not_found", `the file of ${file.name} cannot be read: ${(cause as Error).message}`, { cause });
  }
  return `0x${digest.digest("hex")}`;
}
