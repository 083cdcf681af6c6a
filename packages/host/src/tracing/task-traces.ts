import type { Hash } from "@stoa/protocol";

/** Something that was done for a task. */
export interface TaskSpan {
  taskId: Hash;
  name: string;
  /** Epoch milliseconds. */
  startMs: number;
  endMs: number;
  attributes?: Readonly<Record<string, string | number>>;
  /** What went wrong; absent when nothing did. */
  fault?: string | undefined;
}

/**
 * Traces that follow tasks through every process that works on them. A task's trace has its id from the task's: no
 * process has to be told it, and what servers and nodes record on their own comes together where traces are read.
 */
export interface TaskTraces extends AsyncDisposable {
  /** Whether anything is recorded at all. */
  readonly isOn: boolean;
  /** The task from its opening to its end; every other span of it is below this one. */
  recordTask(span: TaskSpan): void;
  recordStep(span: TaskSpan): void;
}

/** Where spans go to, and how many. */
export interface TracingOptions {
  /** Base address of a collector that takes OTLP over HTTP, such as http://127.0.0.1:4318; undefined records nothing. */
  endpoint: string | undefined;
  /** The part of tasks that are traced, from 0 to 1: the same tasks in every process. */
  ratio: number;
  /** What the process is called where traces are read, such as `stoa-server`. */
  service: string;
  version: string;
  /** Which of several such processes it is. */
  instance: string;
}

/**
 * The ids of a task's trace and of its first span: the first sixteen bytes of the task's id, and the eight after them.
 * @example
 * const { traceId } = traceOfTask(task.id);
 * console.log(`https://traces.example/trace/${traceId}`);
 */
export function traceOfTask(taskId: Hash): { traceId: string; spanId: string } {
  return { traceId: taskId.slice(2, 34), spanId: taskId.slice(34, 50) };
}

/** Records nothing. */
export const noTraces: TaskTraces = {
  isOn: false,
  recordTask: () => {},
  recordStep: () => {},
  [Symbol.asyncDispose]: async () => {},
};

/** Opens tracing; without an endpoint nothing is recorded, and nothing of OpenTelemetry is loaded. */
export async function openTaskTraces(options: TracingOptions): Promise<TaskTraces> {
  const { endpoint } = options;
  if (endpoint === undefined) return noTraces;
  const { exportTaskTraces } = await import("./export-task-traces.ts");
  return exportTaskTraces({ ...options, endpoint });
}
