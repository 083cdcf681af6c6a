import { join } from "node:path";
import { parseArgs } from "node:util";
import { StoaError } from "@stoa/protocol";
import { openDatabase } from "@stoa/store";
import type { StorageConfig } from "../config.ts";
import { openLargeStore } from "../objects/open-large-store.ts";
import type { ArchiveTools, Output } from "./archive-tools.ts";
import { checkArchives } from "./check-archives.ts";
import { listPartitionStates } from "./list-partition-states.ts";
import { restore } from "./restore.ts";
import { run } from "./run.ts";

const HELP = `Old partitions of the big tables: to the object store, and back.

  node apps/server/src/archive-main.ts COMMAND

  list                  every partition, its size, and whether it is here, archived, or why it must stay
  run                   archive what is older than STOA_ARCHIVE_AFTER_DAYS and concerns nothing unfinished
    --older-than-days N   instead of STOA_ARCHIVE_AFTER_DAYS
    --partition NAME      only this one, even when it was restored before
  check [PARTITION]     read archives back, and their chain: sizes, hashes and sums
  restore PARTITION     bring an archived partition back, the same to the byte

  --json                one JSON document on standard output; progress goes to standard error
  --help

It reads STOA_DATA, DATABASE_URL, STOA_PARTITION_SPAN and STOA_ARCHIVE_AFTER_DAYS. It may run beside servers on PostgreSQL; the embedded database must
be stopped first. What is killed half way is run again. docs/archive.md describes what it writes.`;

const OPTIONS = {
  help: { type: "boolean", short: "h" },
  json: { type: "boolean", default: false },
  "older-than-days": { type: "string" },
  partition: { type: "string" },
} as const;

/**
 * Runs the operator's command.
 * @returns the exit code
 * @throws {StoaError} `invalid_request` for a command line that makes no sense; what opening and archiving throw
 */
export async function runArchiveCommand(
  args: readonly string[],
  config: StorageConfig,
  output: Output,
): Promise<number> {
  const { command, subject, options } = read(args);
  if (options.help || command === undefined) {
    output.out(HELP);
    return options.help ? 0 : 2;
  }
  const { dataFolder, databaseUrl, partitionSpan } = config;
  await using database = await openDatabase({
    url: databaseUrl,
    folder: join(dataFolder, "database"),
    span: partitionSpan,
  });
  const tools: ArchiveTools = {
    database,
    objects: await openLargeStore(config),
    json: options.json,
    ...output,
  };
  if (command === "list") return await listPartitionStates(tools);
  if (command === "run") {
    const days = options["older-than-days"];
    return await run(tools, {
      olderThanDays: days === undefined ? config.archiveAfterDays : daysOf(days),
      partition: options.partition,
    });
  }
  if (command === "check") return await checkArchives(tools, subject);
  if (command === "restore" && subject !== undefined) return await restore(tools, subject);
  throw new StoaError("invalid_request", `there is no command ${[command, subject].join(" ").trim()}: see --help`);
}

function read(args: readonly string[]) {
  try {
    const { positionals, values } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
    const [command, subject, ...rest] = positionals;
    if (rest.length > 0) throw new TypeError(`too many arguments: ${rest.join(" ")}`);
    return { command, subject, options: values };
  } catch (cause) {
    throw new StoaError("invalid_request", (cause as Error).message, { cause });
  }
}

function daysOf(text: string): number {
  if (!/^[1-9]\d{0,4}$/.test(text))
    throw new StoaError(
      "invalid_request",
      `--older-than-days must be an integer from 1 on, got ${JSON.stringify(text)}`,
    );
  return Number(text);
}
