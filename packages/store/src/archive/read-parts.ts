import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { StoaError } from "@stoa/protocol";
import type { ArchiveObjects } from "./archive-objects.ts";
import type { ArchivePart } from "./manifest.ts";

const decompress = promisify(gunzip);

/**
 * Reads an archive's lines part by part, each line with its end.
 * @throws {StoaError} `internal` for a part with another number of lines than its manifest says
 */
export async function* readParts(objects: ArchiveObjects, parts: readonly ArchivePart[]): AsyncGenerator<Buffer> {
  for (const { hash, rows } of parts) {
    const lines = await decompress(await objects.get(hash));
    const actual = countLines(lines);
    if (actual !== rows) throw new StoaError("internal", `the part ${hash} has ${actual} rows, expected ${rows}`);
    yield lines;
  }
}

function countLines(lines: Buffer): number {
  let count = 0;
  for (let at = lines.indexOf(10); at !== -1; at = lines.indexOf(10, at + 1)) count += 1;
  return count;
}
