import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { StoaError } from "@stoa/protocol";

const SCRIPT = "build.js";
/** Made, not written: nothing in there is a reason to build again. */
const NOT_SOURCES = new Set(["build", "node_modules", "inputs", "tests", "target"]);
/** Most of a compiler's words that are told on. */
const MAX_TOLD = 4_000;

/**
 * Builds an agent's folder by its own `build.js` when what it built is missing or older than its sources. A folder
 * without that script is as built as it will be.
 * @returns whether it was built now
 * @throws {StoaError} `build_failed` with what the script said
 */
export async function buildProject(folder: string): Promise<boolean> {
  if ((await changedAt(join(folder, SCRIPT))) === 0) return false;
  const builtAt = await changedAt(join(folder, "build", "manifest.json"));
  if (builtAt > (await newestSource(folder))) return false;
  const child = spawn(process.execPath, [SCRIPT], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  let told = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => (told = (told + text).slice(-MAX_TOLD)));
  const [code] = (await once(child, "close")) as [number | null];
  if (code === 0) return true;
  throw new StoaError("build_failed", `${SCRIPT} in ${folder} ended with code ${code}:\n${told.trim()}`);
}

/** When a file last changed; 0 when there is none. */
function changedAt(path: string): Promise<number> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}

async function newestSource(folder: string, isTop = true): Promise<number> {
  let newest = 0;
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.name.startsWith(".") || (isTop && NOT_SOURCES.has(entry.name))) continue;
    const path = join(folder, entry.name);
    newest = Math.max(newest, entry.isDirectory() ? await newestSource(path, false) : await changedAt(path));
  }
  return newest;
}
