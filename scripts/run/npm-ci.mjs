import { existsSync, realpathSync } from "node:fs";
import { basename, delimiter, dirname, join } from "node:path";
import { pathBefore } from "./path-before.mjs";
import { runChild } from "./run-child.mjs";
import { SetupError } from "./setup-error.mjs";

/**
 * Settings of the npm that started us which say how to reach a registry. The rest (prefixes, workspaces, dry-run,
 * omit …) describes that npm's own command and would bend this one.
 */
const KEPT_SETTINGS =
  /^npm_config_(registry|.*:registry|\/\/.*|cache|userconfig|globalconfig|(https?_?|no)_?proxy|ca|cafile|cert|key|strict_ssl|offline|prefer_offline|prefer_online|fetch_.*|maxsockets)$/i;

/**
 * Installs exactly what a folder's lock file names, by npm run under the given Node.
 * @param {string} folder
 * @param {string} node the Node that runs npm, first on PATH for all it starts
 * @throws {SetupError} when npm is not found, or fails: with npm's own exit code
 */
export async function npmCi(folder, node) {
  const env = pathBefore(withoutOuterNpm(process.env), dirname(node));
  const args = [findNpm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  const options = { cwd: folder, env, stdio: /** @type {["ignore", 2, 2]} */ (["ignore", 2, 2]) };
  let { code, signal, told } = await runChild(node, [...args, "--prefer-offline"], options);
  if (code !== 0 && signal === null && !told) {
    // A cached list of versions can be older than the lock file.
    process.stderr.write("setup: npm ci failed with what it had cached, asking the registry anew …\n");
    ({ code, signal, told } = await runChild(node, args, options));
  }
  // npm may finish all the same, or end with a code of its own: whoever asked for a stop gets one.
  if (signal !== null || told) throw new SetupError("npm ci was stopped", "Run the same command again.", 130);
  if (code !== 0) {
    throw new SetupError(
      `npm ci failed in ${folder} with code ${code}`,
      "Its own words are above. Check the network (npm ping), the free disk space, and that package-lock.json is as committed; then run the same command again.",
      code ?? 1,
    );
  }
}

/** @param {NodeJS.ProcessEnv} env */
function withoutOuterNpm(env) {
  return Object.fromEntries(
    Object.entries(env).filter(
      ([name]) => (!/^npm_/i.test(name) || KEPT_SETTINGS.test(name)) && !["INIT_CWD", "NODE_ENV"].includes(name),
    ),
  );
}

/** npm's own script: the npm that started us, else the one on PATH. */
function findNpm() {
  const outer = process.env["npm_execpath"];
  if (outer !== undefined && /^np[mx]-cli\.js$/.test(basename(outer))) {
    const npm = join(dirname(outer), "npm-cli.js");
    if (existsSync(npm)) return npm;
  }
  for (const folder of (process.env["PATH"] ?? process.env["Path"] ?? "").split(delimiter)) {
    const linked = join(folder, "npm");
    const beside = join(folder, "node_modules", "npm", "bin", "npm-cli.js");
    if (existsSync(beside)) return beside;
    if (existsSync(linked) && basename(realpathSync(linked)) === "npm-cli.js") return realpathSync(linked);
  }
  throw new SetupError("npm was not found", "Install npm 10 or newer, or start with `npm start`.");
}
