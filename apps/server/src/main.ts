import { StoaError } from "@stoa/protocol";
import { readEnv, toConfig } from "./config.ts";
import { startServer } from "./start-server.ts";

try {
  const server = await startServer(toConfig(readEnv()));
  // Whoever started this process learns from it where the server answers.
  process.send?.({ type: "ready", url: server.url });
  const stop = () => void server.stop().then(() => process.exit(0));
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  process.once("disconnect", stop);
} catch (error) {
  const text =
    error instanceof StoaError
      ? `${error.code}: ${error.message}\n${error.definition.remedy}`
      : String((error as Error).stack ?? error);
  process.stderr.write(`${text}\n`);
  process.exit(1);
}
