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
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  // The channel tells the node when this process is gone, so that none is left running alone. It ends with the wish to
  // stop, for an open one would keep the node alive.
  const stop = () => {
    child.kill("SIGTERM");
    if (child.connected) child.disconnect();
  };
  abort.signal.addEventListener("abort", stop, { once: true });
  const lines = createInterface({ input: child.stdout! });
  lines.on("line", (line) => terminal.print(cli.json ? line : readableLogLine(terminal.out, line)));
  const told = once(lines, "close");
  try {
    // A child whose channel was ended by this side has no "close" event.
    const [code] = (await once(child, "exit")) as [number | null];
    await told;
    return code ?? 1;
  } finally {
    abort.signal.removeEventListener("abort", stop);
  }
}
