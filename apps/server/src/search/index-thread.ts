import { Worker } from "node:worker_threads";
import { StoaError } from "@stoa/protocol";
import type { AgentIndex } from "@stoa/search";

const MAIN = new URL("./index-thread-main.ts", import.meta.url);

type Called = "put" | "remove" | "versions" | "setRecords" | "setVectors" | "passing" | "search";

export interface IndexCall {
  id: number;
  name: Called;
  args: unknown[];
}
export type IndexAnswer = { id: number; result: unknown } | { id: number; error: Error };

interface Waiting {
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

/** An empty index of agents in a thread of its own. */
export class IndexThread implements AsyncDisposable {
  readonly #worker = new Worker(MAIN);
  readonly #waiting = new Map<number, Waiting>();
  #calls = 0;
  #isOver = false;

  /** @param onLost called when the thread ended by itself: what was in the index is gone */
  constructor(onLost: (error: Error) => void) {
    let fault: Error | undefined;
    this.#worker.on("message", (answer: IndexAnswer) => this.#answered(answer));
    this.#worker.on("error", (error) => (fault = error));
    this.#worker.once("exit", (code) => {
      const wasStopped = this.#isOver;
      this.#isOver = true;
      for (const { reject } of this.#waiting.values()) reject(gone());
      this.#waiting.clear();
      if (!wasStopped) onLost(fault ?? new Error(`the index's thread ended with ${code}`));
    });
    // What waits for an answer is a request or an effect, which keep the process; the thread by itself does not.
    this.#worker.unref();
  }

  /** @throws {StoaError} `server_unavailable` when the thread is gone */
  call<Name extends Called>(name: Name, ...args: Parameters<AgentIndex[Name]>): Promise<ReturnType<AgentIndex[Name]>> {
    if (this.#isOver) return Promise.reject(gone());
    const id = this.#calls++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      // Between threads there is no origin to name.
      // oxlint-disable-next-line unicorn/require-post-message-target-origin
      this.#worker.postMessage({ id, name, args } satisfies IndexCall);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    await this.#worker.terminate();
  }

  #answered(answer: IndexAnswer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if ("error" in answer) waiting?.reject(answer.error);
    else waiting?.resolve(answer.result);
  }
}

function gone(): StoaError {
  return new StoaError("server_unavailable", "the search index is built anew");
}
