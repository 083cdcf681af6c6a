import type { Json } from "./json.ts";

/** What a JavaScript agent's `run` is given beside its input. */
export interface AgentContext {
  /** Writes a line to the execution's log; what is not text is written as JSON. */
  log(...parts: unknown[]): void;
  /** Tells how far the work is, from 0 to 1. */
  progress(fraction: number, text?: string): void;
  /** Calls a granted capability, such as `kv.get`, `http.fetch` or `task.run`; a refusal throws. */
  call(method: string, params?: Json): Promise<Json>;
}

/** The function a JavaScript agent's module exports as `run`. */
export type AgentRun<Input, Output> = (input: Input, context: AgentContext) => Output | Promise<Output>;
