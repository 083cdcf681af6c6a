import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

/** An embedder in a process of its own. */
export interface EmbedderProcess extends AsyncDisposable {
  settings: { url: string; model: string; apiKey: string };
  /** Ends it as a crash would. */
  kill(): Promise<void>;
}

/** Starts an embedder that computes real vectors, of hashed words and letter groups, and asks for a key. */
export async function startEmbedder(plan: { dimensions?: number } = {}): Promise<EmbedderProcess> {
  const apiKey = "a key of the embedder's";
  const dimensions = plan.dimensions === undefined ? [] : [String(plan.dimensions)];
  const child = fork(join(import.meta.dirname, "main.ts"), [apiKey, ...dimensions]);
  const [port] = (await once(child, "message")) as [number];
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, "exit");
    child.kill("SIGKILL");
    await exited;
  };
  return {
    settings: { url: `http://127.0.0.1:${port}/v1`, model: "hashed", apiKey },
    kill,
    [Symbol.asyncDispose]: kill,
  };
}
