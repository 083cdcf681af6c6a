import type { ExecutionFailureReason, ExecutionStats, Json } from "@stoa/protocol";

import type { RunTask } from "../broker/run-task.ts";

/** One run of an agent version. */
export interface ExecutionRequest {
  /** Names the execution in whatever the caller writes about it. */
  executionId: string;
  input: Json;
  /** Stops the execution, which then fails with `cancelled`. */
  signal?: AbortSignal;
  /** How it has others work; absent when its task has no budget for that. */
  runTask?: RunTask;
  /** Lines the agent logged, in order, without control characters. */
  onLog?(lines: string[]): void;
  /** How far the agent says it is, from 0 to 1. */
  onProgress?(fraction: number, text: string): void;
}

export type ExecutionOutcome =
  | { status: "ok"; output: Json; stats: ExecutionStats }
  | { status: "failed"; reason: ExecutionFailureReason; message: string; stats: ExecutionStats };
