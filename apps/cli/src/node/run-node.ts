import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Cli } from "../cli.ts";
import { readableLogLine } from "./readable-log-line.ts";

const MAIN = fileURLToPath(new URL("../../../node/src/main.ts", import.meta.url));

/**
 * Runs a node in the foreground until it ends, and says with which code. Its log is told line by line; Ctrl-C lets it
 * finish what it runs.
 */
export async function runNode(cli: Cli, env: Record<string, string>): Promise<number> {
  const { terminal, abort } = cli;
  const child = spawn(process.execPath, [MAIN], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const stop = () => child.kill("SIGTERM");
  abort.signal.addEventListener("abort", stop, { once: true });
  const lines = createInterface({ input: child.stdout });
  lines.on("line", (line) => terminal.print(cli.json ? line : readableLogLine(terminal.out, line)));
  try {
    const [code] = (await once(child, "close")) as [number | null];
    return code ?? 1;
  } finally {
    abort.signal.removeEventListener("abort", stop);
  }
}
