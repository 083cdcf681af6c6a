import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { stripVTControlCharacters } from "node:util";
import { followSessions } from "./leaks.ts";
import type { TestRun } from "./stages.ts";

/** How long a program may take to end after SIGTERM before its whole session is killed. */
const PATIENCE_MS = 10_000;
const FOLLOW_MS = 500;

/**
 * Runs a program under this Node, in a session of its own, with its output shown as it comes and kept.
 * An aborted run stops it and everything it started, and waits for its end.
 */
export async function runNode(run: TestRun, args: readonly string[]): Promise<{ output: string; code: number | null }> {
  const env = { ...process.env, STOA_TEST_RUN: run.runId, ...(process.stdout.isTTY ? { FORCE_COLOR: "1" } : {}) };
  const child = spawn(process.execPath, args, {
    cwd: run.root,
    env,
    stdio: ["ignore", "pipe", "inherit"],
    detached: true,
  });
  if (child.pid !== undefined) run.sessions.add(child.pid);
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    process.stdout.write(chunk);
    output += chunk;
  });
  const follow = setInterval(() => followSessions(run.sessions), FOLLOW_MS);
  let killing: NodeJS.Timeout | undefined;
  const stop = () => {
    signalGroup(child, "SIGTERM");
    killing = setTimeout(() => signalGroup(child, "SIGKILL"), PATIENCE_MS);
  };
  run.signal.addEventListener("abort", stop, { once: true });
  // `exit`, not `close`: a process left behind may hold the pipe open, and is to be found rather than waited for.
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (exitCode) => {
      resolve(exitCode);
    });
  });
  run.signal.removeEventListener("abort", stop);
  clearTimeout(killing);
  clearInterval(follow);
  return { output: stripVTControlCharacters(output), code };
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.exitCode !== null || child.signalCode !== null) return;
  if (process.platform === "win32" || child.pid === undefined) child.kill(signal);
  else process.kill(-child.pid, signal);
}
