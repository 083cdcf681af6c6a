import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { pause } from "../client/pause.ts";

/**
 * Ends the chain process a killed starter left behind, if the file its id was written to still names one.
 * It could not hurt the state (its starter is who writes that), but nobody would ever stop it.
 */
export async function endOrphan(pidFile: string): Promise<void> {
  const pid = await readPid(pidFile);
  // The number may belong to another program by now.
  if (pid === null || !isAlive(pid) || !(await commandOf(pid)).includes("anvil")) return;
  process.kill(pid, "SIGKILL");
  const deadline = performance.now() + 5_000;
  while (isAlive(pid) && performance.now() < deadline) await pause(20);
}

async function readPid(file: string): Promise<number | null> {
  try {
    const pid = Number(await readFile(file, "utf8"));
    return Number.isSafeInteger(pid) && pid > 1 ? pid : null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

async function commandOf(pid: number): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)("ps", ["-p", String(pid), "-o", "command="]);
    return stdout;
  } catch {
    // It ended meanwhile, or the host has no ps: then it is left alone.
    return "";
  }
}
