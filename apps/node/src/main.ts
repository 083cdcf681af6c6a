import { StoaError } from "@stoa/protocol";
import { readEnv, toConfig } from "./config.ts";
import { startNode } from "./start-node.ts";

try {
  const node = await startNode(toConfig(readEnv()));
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void node.drain());
  // Whoever started it with a channel and is gone can stop it no more.
  process.once("disconnect", () => void node.drain());
  process.channel?.unref();
} catch (error) {
  if (!(error instanceof StoaError)) throw error;
  process.stderr.write(`${error.code}: ${error.message}\n${error.definition.remedy} (${error.docs})\n`);
  process.exitCode = 1;
}
