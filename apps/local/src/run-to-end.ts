import { spawn } from "node:child_process";
import { once } from "node:events";

/**
 * Runs a script that makes something, and waits for it.
 * @throws {Error} with what it said, when it fails
 */
export async function runToEnd(what: string, script: string): Promise<void> {
  const child = spawn(process.execPath, [script], { stdio: ["ignore", "ignore", "pipe"] });
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  const [code] = (await once(child, "exit")) as [number | null];
  if (code !== 0) throw new Error(`${what} could not be built:\n${errors}`);
}
