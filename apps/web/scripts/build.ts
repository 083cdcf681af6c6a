// Builds the dashboard into `dist` when that is missing or was made of other sources: `node apps/web/scripts/build.ts`.
import { createHash } from "node:crypto";
import { existsSync, globSync, readFileSync } from "node:fs";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { type FolderLock, lockFolder } from "@stoa/host";
import { StoaError } from "@stoa/protocol";
import { build } from "vite";

const ROOT = join(import.meta.dirname, "..", "..", "..");
const WEB = join(ROOT, "apps", "web");
const DIST = join(WEB, "dist");
const NEXT = join(WEB, "build");
const STAMP = "made-of.txt";
const SOURCES = [
  "apps/web/{src,public,scripts}/**/*",
  "apps/web/{index.html,package.json}",
  "packages/{sdk,core,protocol}/src/**/*.ts",
  "packages/{sdk,core,protocol}/package.json",
  "package-lock.json",
];
/** Longest that another process's build is waited for. */
const PATIENCE_MS = 120_000;
/** Smaller files fit into one packet as they are. */
const WORTH_BYTES = 1_024;

/** One hash over every file the output depends on, by name and content. */
function hashSources(): string {
  const hash = createHash("sha256");
  const files = SOURCES.flatMap((pattern) => globSync(pattern, { cwd: ROOT, withFileTypes: true }));
  const paths = files.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name));
  for (const path of paths.toSorted()) hash.update(`${path.slice(ROOT.length)}\0`).update(readFileSync(path));
  return hash.digest("hex");
}

function isMadeOf(sources: string): boolean {
  const stamp = join(DIST, STAMP);
  return existsSync(stamp) && readFileSync(stamp, "utf8") === sources;
}

async function lockBuilding(): Promise<FolderLock> {
  const giveUpAt = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await lockFolder(NEXT);
    } catch (error) {
      const isTaken = error instanceof StoaError && error.code === "data_locked";
      if (!isTaken || Date.now() > giveUpAt) throw error;
      await wait(200);
    }
  }
}

/** Lays a compressed twin beside every text, for servers to send instead: compressing it at each request costs more. */
async function compressAll(folder: string): Promise<void> {
  for (const name of globSync("**/*.{js,css,html,svg,json}", { cwd: folder })) {
    const path = join(folder, name);
    const bytes = await readFile(path);
    if (bytes.length < WORTH_BYTES) continue;
    await writeFile(`${path}.gz`, gzipSync(bytes, { level: constants.Z_BEST_COMPRESSION }));
    await writeFile(`${path}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }));
  }
}

// Whoever runs this, a test among them, gets what visitors get.
process.env["NODE_ENV"] = "production";
const sources = hashSources();
if (!isMadeOf(sources)) {
  await using building = new AsyncDisposableStack();
  building.use(await lockBuilding());
  if (!isMadeOf(sources)) {
    // Made beside and moved in whole: a server that runs never serves half of it.
    await build({
      configFile: join(WEB, "scripts", "vite.config.ts"),
      logLevel: "warn",
      build: { outDir: join(NEXT, "dist") },
    });
    await compressAll(join(NEXT, "dist"));
    await writeFile(join(NEXT, "dist", STAMP), sources);
    await rm(DIST, { recursive: true, force: true });
    await rename(join(NEXT, "dist"), DIST);
  }
}
