// The index, in a thread of its own: building it and searching it keep no request, round or node waiting.
import { parentPort } from "node:worker_threads";
import { AgentIndex } from "@stoa/search";
import type { IndexAnswer, IndexCall } from "./index-thread.ts";

const port = parentPort!;
const index = new AgentIndex();

port.on("message", ({ id, name, args }: IndexCall) => {
  let answer: IndexAnswer;
  try {
    const result = (index[name] as (...args: unknown[]) => unknown)(...args);
    answer = { id, result };
  } catch (error) {
    answer = { id, error: error as Error };
  }
  // Between threads there is no origin to name.
  // oxlint-disable-next-line unicorn/require-post-message-target-origin
  port.postMessage(answer);
});
