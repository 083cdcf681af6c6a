import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";

export interface RunningProcess {
  pid: number;
  parent: number;
  session: number;
  command: string;
}

/** How long a process may take to die after the runner that stopped it has ended. */
const GRACE_MS = 3_000;
const POLL_MS = 50;

/**
 * Adds the sessions that descendants of the given ones have opened. To be called now and then while they run: once
 * its parent is gone, nothing tells where a process in a session of its own came from.
 */
export function followSessions(sessions: Set<number>): void {
  const running = listProcesses();
  const ours = new Set<number>();
  for (let before = -1; before < ours.size;) {
    before = ours.size;
    for (const { pid, parent, session } of running) {
      if (!sessions.has(session) && !ours.has(parent)) continue;
      ours.add(pid);
      sessions.add(session);
    }
  }
}

/**
 * The processes that a stage left behind: they live in a session it opened, or carry the run's id in their
 * environment. (Only the session betrays a sandbox's child, whose environment is empty; only the id betrays a
 * daemon that opened a session of its own at once and lost its parent.) Needs /proc; elsewhere it finds none.
 */
export async function findLeaks(
  runId: string,
  sessions: ReadonlySet<number>,
  graceMs = GRACE_MS,
): Promise<RunningProcess[]> {
  const deadline = Date.now() + graceMs;
  for (;;) {
    const left = listProcesses().filter(({ pid, session }) => sessions.has(session) || carries(pid, runId));
    if (left.length === 0 || Date.now() > deadline) return left;
    await wait(POLL_MS);
  }
}

/** Ends a process at once; one that has ended by itself meanwhile is fine. */
export function endProcess(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if (!hasCode(error, "ESRCH")) throw error;
  }
}

/** Every process that runs now, without the dead that nobody has collected; empty where there is no /proc. */
export function listProcesses(): RunningProcess[] {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const stat = readOf(name, "stat");
      // The name stands in brackets and may hold anything; the fields after it are fixed: state ppid group session …
      const [state = "", parent, , session] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      if (["", "Z", "X"].includes(state)) return [];
      const command = readOf(name, "cmdline").replaceAll("\0", " ").trim() || name;
      return [{ pid: Number(name), parent: Number(parent), session: Number(session), command: command.slice(0, 200) }];
    });
}

function carries(pid: number, runId: string): boolean {
  return readOf(String(pid), "environ").split("\0").includes(`STOA_TEST_RUN=${runId}`);
}

/** Empty when the process has ended meanwhile or belongs to someone else. */
function readOf(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "latin1");
  } catch (error) {
    if (hasCode(error, "ENOENT", "ESRCH", "EACCES", "EPERM")) return "";
    throw error;
  }
}

function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && "code" in error && codes.includes(String(error.code));
}
