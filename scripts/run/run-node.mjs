import { fileURLToPath } from "node:url";
import { ensureDependencies } from "./ensure-dependencies.mjs";
import { ensureNode } from "./ensure-node.mjs";
import { launch } from "./launch.mjs";
import { SetupError } from "./setup-error.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));

/**
 * Brings Node 24 and the dependencies where they are missing, then runs it with these arguments in this process's
 * place: same terminal, same folder, same exit code.
 * @param {readonly string[]} args of Node: a file and its arguments, or options such as `--test`
 */
export async function runNode([first, ...rest]) {
  // What the first command of a newcomer takes is counted from here, the set-up included.
  process.env.STOA_STARTED_AT ??= String(Math.round(performance.timeOrigin));
  try {
    if (first === undefined) {
      throw new SetupError("no script named", "usage: node scripts/run.mjs SCRIPT.ts [ARGUMENTS]", 2);
    }
    const node = await ensureNode(root);
    await ensureDependencies(root, node);
    await launch(root, node, first, rest);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    process.stderr.write(`setup: ${error.message}\n  ${error.remedy}\n`);
    process.exitCode = error.exitCode;
  }
}
