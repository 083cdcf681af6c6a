/**
 * A thread beside the agent's that waits for the runner to go: then it ends the process, whatever the agent is
 * busy with. It is for hosts that cannot tie the process's life to its parent's by themselves.
 */
import { readSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";

// Between threads there is no origin to name.
// oxlint-disable-next-line unicorn/require-post-message-target-origin
parentPort!.postMessage("watching");

// Nothing is ever written to this pipe: the read returns when its other end is closed.
readSync(workerData as number, Buffer.alloc(1), 0, 1, null);
process.kill(process.pid, "SIGKILL");
