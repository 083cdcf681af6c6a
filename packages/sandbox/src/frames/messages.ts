import type { ExecutionFailureReason } from "@stoa/protocol";
import type { Determinism } from "./metering.ts";

/** What an artifact is loaded with. */
export interface Load {
  memoryMb: number;
  outputBytes: number;
  logBytes: number;
  /** Present when it must give the same wherever it runs again. */
  determinism?: Determinism;
}

/**
 * What a runner tells its sandbox process. Raw bytes of a frame: a metered interpreter in the place of the process's
 * own (`interpreter`, before `load`), the artifact (`load`), the input (`run`).
 */
export type ToChild =
  | { type: "interpreter" }
  | ({ type: "load" } & Load)
  | { type: "run" }
  | { type: "reply"; ok: boolean; json: string };

/** What a sandbox process tells its runner, which believes none of it before checking. Raw bytes: the output (`done`). */
export type FromChild =
  | { type: "ready" }
  | { type: "loaded" }
  | { type: "log"; text: string }
  | { type: "progress"; fraction: number; text: string }
  | { type: "call"; method: string; json: string }
  | { type: "done"; cpuMs: number; peakMemoryMb: number; fuel?: number }
  | { type: "failed"; reason: ExecutionFailureReason; message: string; cpuMs: number; fuel?: number };

/** Longest parameters or reply of one granted call, in bytes of JSON. */
export const MAX_CALL_BYTES = 2 << 20;
/** Longest name of a method, and longest text beside a progress report, in characters. */
export const MAX_METHOD_LENGTH = 64;
export const MAX_PROGRESS_LENGTH = 256;
/** Longest message of a failure, in characters. */
export const MAX_FAILURE_LENGTH = 1_000;

/** Reads what a sandbox process claims to say; `undefined` when it is no message at all. */
export function readFromChild(value: unknown): FromChild | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const message = value as Record<string, unknown>;
  const isText = (field: string) => typeof message[field] === "string";
  const isNumber = (field: string) => Number.isFinite(message[field]) && (message[field] as number) >= 0;
  const isFuel = () => message["fuel"] === undefined || (isNumber("fuel") && Number.isSafeInteger(message["fuel"]));

  function isWhole(): boolean {
    switch (message["type"]) {
      case "ready":
      case "loaded":
        return true;
      case "log":
        return isText("text");
      case "progress":
        return isNumber("fraction") && (message["fraction"] as number) <= 1 && isText("text");
      case "call":
        return isText("method") && isText("json");
      case "done":
        return isNumber("cpuMs") && isNumber("peakMemoryMb") && isFuel();
      case "failed":
        return (
          isNumber("cpuMs") &&
          isText("message") &&
          CHILD_REASONS.has(message["reason"] as ExecutionFailureReason) &&
          isFuel()
        );
      default:
        return false;
    }
  }
  return isWhole() ? (message as unknown as FromChild) : undefined;
}

/** The reasons only the inside can know; all others are the runner's to give. */
const CHILD_REASONS = new Set<ExecutionFailureReason>([
  "memory_limit",
  "output_limit",
  "fuel_limit",
  "bad_output",
  "crashed",
]);
