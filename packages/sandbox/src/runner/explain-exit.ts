import type { ExecutionFailureReason } from "@stoa/protocol";
import type { ProcessExit } from "./sandbox-process.ts";

const OUT_OF_MEMORY = /heap limit|out of memory|allocation failed|cannot allocate/i;

/** Why a sandbox process that ended by itself did so. An agent cannot write to its standard error, unless it escaped. */
export function explainExit({ signal, code, stderr }: ProcessExit): {
  reason: ExecutionFailureReason;
  message: string;
} {
  const ended = signal ? `by ${signal}` : `with code ${code}`;
  if (signal === "SIGXCPU") return { reason: "timeout", message: "the sandbox process used up its CPU time" };
  if (OUT_OF_MEMORY.test(stderr))
    return { reason: "memory_limit", message: `the sandbox process ran out of memory and ended ${ended}` };
  const said = stderr
    .trim()
    .split("\n")
    .find((line) => line.trim() !== "" && !line.startsWith("#"));
  return { reason: "crashed", message: `the sandbox process ended ${ended}${said ? `: ${said.slice(0, 300)}` : ""}` };
}
