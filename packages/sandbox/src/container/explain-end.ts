import { constants } from "node:os";
import type { ExecutionFailureReason } from "@stoa/protocol";

/** How a container ended, as its engine tells. */
export interface ContainerEnd {
  exitCode: number;
  isOutOfMemory: boolean;
}

const FIRST_SIGNAL_CODE = 128;

/** Why a container that ended by itself, and not well, did so. */
export function explainEnd(
  { exitCode, isOutOfMemory }: ContainerEnd,
  memoryMb: number,
  lastLine: string | undefined,
): { reason: ExecutionFailureReason; message: string } {
  if (isOutOfMemory) return { reason: "memory_limit", message: `the container needed more than ${memoryMb} MB` };
  const signal = Object.entries(constants.signals).find(([, number]) => number === exitCode - FIRST_SIGNAL_CODE);
  if (signal?.[0] === "SIGXCPU") return { reason: "timeout", message: "the container used up its CPU time" };
  const ended = signal ? `by ${signal[0]}` : `with code ${exitCode}`;
  return { reason: "crashed", message: `the container ended ${ended}${lastLine ? `: ${lastLine.slice(0, 300)}` : ""}` };
}
