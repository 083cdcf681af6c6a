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
