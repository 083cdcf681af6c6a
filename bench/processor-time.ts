import { readdirSync, readFileSync } from "node:fs";

/** Clock ticks a second of `/proc`: 100 on every Linux in use. */
const TICKS = 100;

/** Seconds of processor time that processes and all their children took so far; zero where it cannot be read. */
export function processorSeconds(pids: readonly number[]): number {
  if (process.platform !== "linux") return 0;
  const parents = new Map(readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? [statOf(Number(name))] : [])));
  const belongs = (pid: number): boolean => pids.includes(pid) || (pid > 1 && belongs(parents.get(pid)?.parent ?? 0));
  return [...parents].reduce((sum, [pid, { ticks }]) => (belongs(pid) ? sum + ticks : sum), 0) / TICKS;
}

function statOf(pid: number): [number, { parent: number; ticks: number }] {
  try {
    // Fields after the command's name, which may hold spaces: state, parent, …, user and system time, those of ended children.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)!.split(" ");
    return [
      pid,
      { parent: Number(fields[1]), ticks: [11, 12, 13, 14].reduce((sum, at) => sum + Number(fields[at]), 0) },
    ];
  } catch {
    return [pid, { parent: 0, ticks: 0 }];
  }
}
