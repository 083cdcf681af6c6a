// The operator's command for old partitions: node apps/server/src/archive-main.ts --help
import { StoaError } from "@stoa/protocol";
import { runArchiveCommand } from "./archive/run-archive-command.ts";
import { readEnv, toStorageConfig } from "./config.ts";

try {
  process.exitCode = await runArchiveCommand(process.argv.slice(2), toStorageConfig(readEnv()), {
    out: (line) => process.stdout.write(`${line}\n`),
    progress: (line) => process.stderr.write(`${line}\n`),
  });
} catch (error) {
  const text =
    error instanceof StoaError
      ? `${error.code}: ${error.message}\n${error.definition.remedy}`
      : String((error as Error).stack ?? error);
  process.stderr.write(`${text}\n`);
  process.exitCode = 1;
}
