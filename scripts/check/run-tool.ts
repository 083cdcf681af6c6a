import { spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";

/**
 * Runs a JavaScript tool under this Node and returns its output as one problem when it fails.
 * @param path from the root; programs in `node_modules/.bin` are shell wrappers on some platforms, so never those
 */
export async function runTool(root: string, path: string, args: readonly string[]): Promise<string[]> {
  const child = spawn(process.execPath, [join(root, path), ...args], { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  const [output, errors, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  if (code === 0) return [];
  return [`${output}${errors}`.trim() || `${path} ended with code ${code} and said nothing`];
}
