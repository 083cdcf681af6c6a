import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { ModelSettings } from "@stoa/sandbox";

export interface ModelServer extends AsyncDisposable {
  settings: ModelSettings;
  /** What arrived, in order. */
  seen(): Promise<{ path: string; key?: string; body: Record<string, unknown> | null }[]>;
  /** Breaks off the answers that wait for it. */
  cut(): Promise<void>;
}

const MAIN = join(import.meta.dirname, "model-server.ts");

/** Starts a provider of models in a process of its own. */
export async function startModelServer(
  provider: ModelSettings["provider"],
  change: Partial<ModelSettings> = {},
): Promise<ModelServer> {
  const key = `sk-secret-of-${provider}`;
  const child = fork(MAIN, [provider, key]);
  const [port] = (await once(child, "message")) as [number];
  const origin = `http://127.0.0.1:${port}`;
  return {
    settings: {
      provider,
      model: "served",
      baseUrl: `${origin}${provider === "groq" ? "/openai/v1" : "/v1"}`,
      key,
      inputPrice: 1_000_000n,
      outputPrice: 3_000_000n,
      ...change,
    },
    async seen() {
      return (await (await fetch(`${origin}/seen`)).json()) as Awaited<ReturnType<ModelServer["seen"]>>;
    },
    async cut() {
      await fetch(`${origin}/cut`);
    },
    async [Symbol.asyncDispose]() {
      const exited = once(child, "exit");
      child.disconnect();
      await exited;
    },
  };
}
