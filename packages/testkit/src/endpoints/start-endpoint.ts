import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Seen } from "./serve.ts";

export type EndpointScript = "serve-a2a" | "serve-mcp" | "serve-http";

/** An endpoint of the tests in a process of its own. */
export interface EndpointProcess extends AsyncDisposable {
  origin: string;
  port: number;
  /** What came to it so far. */
  seen(): Promise<{ seen: Seen[]; cancelled: number; executed: number }>;
  kill(): Promise<void>;
}

/**
 * Starts one; it ends with this process.
 * @param port 0 takes a free one
 */
export async function startEndpoint(script: EndpointScript, port = 0, args: string[] = []): Promise<EndpointProcess> {
  const child = spawn(process.execPath, [join(import.meta.dirname, `${script}.ts`), String(port), ...args], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const exited = once(child, "exit");
  const [origin] = (await Promise.race([
    once(createInterface(child.stdout), "line"),
    exited.then(() => Promise.reject(new Error(`${script} ended before it listened`))),
  ])) as [string];
  async function kill(): Promise<void> {
    child.kill("SIGKILL");
    await exited;
  }
  return {
    origin,
    port: Number(new URL(origin).port),
    async seen() {
      const response = await fetch(`${origin}/seen`);
      return (await response.json()) as Awaited<ReturnType<EndpointProcess["seen"]>>;
    },
    kill,
    [Symbol.asyncDispose]: kill,
  };
}
