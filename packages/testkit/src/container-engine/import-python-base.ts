import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { realpath } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import { findProgram, installPackages } from "../debian/index.ts";

const PYTHON = "/usr/bin/python3.11";
const PACKAGES = ["python3.11-minimal", "libpython3.11-minimal", "libpython3.11-stdlib"];
const NEEDS = {
  "/usr/bin/python3": "python3-minimal",
  [PYTHON]: "python3.11-minimal",
  "/usr/lib/python3.11/json/__init__.py": "libpython3.11-stdlib",
};
/** How Debian's old folders lead to where everything lies. */
const LINKS = ["/bin", "/lib", "/lib64"];
const run = promisify(execFile);

/** Every file Debian's Python needs, by its real path, and the links that lead there. */
async function pythonFiles(): Promise<string[]> {
  const { stdout: listed } = await run("dpkg", ["-L", ...PACKAGES]);
  const own = listed.split("\n").filter((path) => path === PYTHON || path.startsWith("/usr/lib/python3.11/"));
  const { stdout: linked } = await run("ldd", [PYTHON]);
  const libraries = Array.from(linked.matchAll(/(\/\S+) \(0x/g), ([, path]) => path!);
  const real = await Promise.all(libraries.map((path) => realpath(path)));
  const names = libraries.map((path) => path.replace(/^\/lib/, "/usr/lib"));
  return [...new Set([...LINKS, "/usr/bin/python3", ...own, ...real, ...names])];
}

/**
 * Makes an image with this machine's own Python, as an engine that reaches no registry has none.
 * @returns why it cannot be had, or undefined
 */
export async function importPythonBase(socketPath: string, tag: string): Promise<string | undefined> {
  const missing = installPackages(NEEDS);
  if (missing !== undefined) return missing;
  const tar = spawn("tar", ["--create", "--directory=/", "--no-recursion", "--ignore-failed-read", "--files-from=-"], {
    stdio: ["pipe", "pipe", "ignore"],
  });
  const docker = spawn(findProgram("docker")!, ["--host", `unix://${socketPath}`, "import", "-", tag], {
    stdio: ["pipe", "ignore", "inherit"],
  });
  const ended = once(docker, "close");
  const packed = pipeline(tar.stdout, docker.stdin);
  tar.stdin.end((await pythonFiles()).map((path) => path.slice(1)).join("\n"));
  await packed;
  const [code] = (await ended) as [number | null];
  if (code !== 0) throw new Error(`docker import ended with code ${String(code)}`);
  return undefined;
}
