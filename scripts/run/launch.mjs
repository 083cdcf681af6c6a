import { dirname, join } from "node:path";
import { pathBefore } from "./path-before.mjs";
import { runChild } from "./run-child.mjs";

/**
 * Runs the script under Node 24 in this process's place: same terminal, same folder, same end.
 * @param {string} root
 * @param {string} node
 * @param {string} script
 * @param {readonly string[]} args
 */
export async function launch(root, node, script, args) {
  const env = pathBefore(process.env, dirname(node), join(root, "node_modules", ".bin"));
  const { code, signal } = await runChild(node, [script, ...args], { stdio: "inherit", env });
  if (signal !== null) process.kill(process.pid, signal);
  else process.exitCode = code ?? 1;
}
