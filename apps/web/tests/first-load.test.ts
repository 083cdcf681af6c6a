import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { beforeAll, expect, test } from "vitest";

const WEB = join(import.meta.dirname, "..");
const DIST = join(WEB, "dist");
const MOST_BYTES = 180_000;

interface Chunk {
  file: string;
  isEntry?: boolean;
  imports?: string[];
}

beforeAll(async () => {
  await promisify(execFile)(process.execPath, [join(WEB, "scripts", "build.ts")]);
});

test("the first load is at most 180 kB of script, gzipped", async () => {
  const manifest = JSON.parse(await readFile(join(DIST, "manifest.json"), "utf8")) as Record<string, Chunk>;
  const loaded = new Set<string>();
  const load = (name: string) => {
    if (loaded.has(name)) return;
    loaded.add(name);
    manifest[name]!.imports?.forEach(load);
  };
  Object.keys(manifest)
    .filter((name) => manifest[name]!.isEntry)
    .forEach(load);
  const sizes = await Promise.all(
    [...loaded].map(async (name) => gzipSync(await readFile(join(DIST, manifest[name]!.file))).length),
  );
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  expect(sizes.length).toBeGreaterThan(0);
  expect(bytes, `${loaded.size} files`).toBeLessThanOrEqual(MOST_BYTES);
  expect(bytes, "a page without React would be no dashboard").toBeGreaterThan(50_000);
  console.log(`first load: ${(bytes / 1_000).toFixed(1)} kB of script, gzipped, in ${loaded.size} files`);
});

test("what is served runs under a policy that lets nothing in from outside and nothing inline", async () => {
  const html = await readFile(join(DIST, "index.html"), "utf8");
  expect(html).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=/);
  for (const match of html.matchAll(/(?:src|href)="([^"]+)"/g)) expect(match[1]).toMatch(/^\//);
  for (const name of await readdir(join(DIST, "assets"))) {
    if (!name.endsWith(".css")) continue;
    const css = await readFile(join(DIST, "assets", name), "utf8");
    for (const [, url] of css.matchAll(/url\(([^)]+)\)/g)) expect(url, name).toMatch(/^["']?\/assets\//);
  }
});
