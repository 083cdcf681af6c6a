import { readdirSync } from "node:fs";
import { descendantsOf } from "../process-tree.ts";

/** What attacks could leave behind on a node. */
export interface Census {
  processes: number;
  descriptors: number;
  files: number;
}

/** Counts the processes below this one, its open descriptors, and the files below its folder of temporary ones. */
export function takeCensus(folder: string): Census {
  return {
    processes: descendantsOf(process.pid).length,
    descriptors: readdirSync("/proc/self/fd").length,
    files: readdirSync(folder, { recursive: true }).length,
  };
}

/** Whether nothing was left behind: what was open before and is closed now is no harm. */
export function isNoMoreThan(now: Census, before: Census): boolean {
  return now.processes <= before.processes && now.descriptors <= before.descriptors && now.files <= before.files;
}
