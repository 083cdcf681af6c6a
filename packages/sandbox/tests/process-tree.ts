import { readdirSync, readFileSync } from "node:fs";

/** A process as /proc tells of it. */
export interface ProcessInfo {
  pid: number;
  parent: number;
  command: string;
  /** The lines of its status, by name. */
  status: Record<string, string>;
}

function readProcess(pid: number): ProcessInfo | undefined {
  try {
    const lines = readFileSync(`/proc/${pid}/status`, "utf8").split("\n");
    const status = Object.fromEntries(
      lines
        .filter((line) => line.includes(":"))
        .map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trim()]),
    );
    if (status["State"]?.startsWith("Z")) return undefined;
    return {
      pid,
      parent: Number(status["PPid"]),
      command: readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " "),
      status,
    };
  } catch {
    // It ended while it was read.
    return undefined;
  }
}

/** Processor time a process has used, in hundredths of a second; none when it has ended. */
export function ticksOf(pid: number): number {
  try {
    // The command's name, in brackets, may hold anything.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)!.split(" ");
    return Number(fields[11]) + Number(fields[12]);
  } catch {
    return 0;
  }
}

/** Every living process below one, by parents. */
export function descendantsOf(root: number): ProcessInfo[] {
  const all = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readProcess(Number(name)) ?? []);
  const found: ProcessInfo[] = [];
  let parents = new Set([root]);
  while (parents.size > 0) {
    const children = all.filter(({ parent }) => parents.has(parent));
    found.push(...children);
    parents = new Set(children.map(({ pid }) => pid));
  }
  return found;
}

/** The processes below one that run an agent, not what was put between. */
export function sandboxesOf(root: number): ProcessInfo[] {
  return descendantsOf(root).filter(({ command }) => /^\S*node\S* .*child\/main\.ts/.test(command));
}

export function isAlive(pid: number): boolean {
  return readProcess(pid) !== undefined;
}

/** Waits until a condition holds. */
export async function eventually(
  condition: () => boolean | Promise<boolean>,
  timeoutMs: number,
  what: string,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`${what}: not within ${timeoutMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
