import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const SOURCE = join(import.meta.dirname, "../assembly/dots.ts");
const OPTIONS = ["--runtime", "stub", "--enable", "simd", "--importMemory", "--memoryBase", "0", "-O3", "--noAssert"];

/**
 * The text of `src/vectors/dots-code.ts`: the kernel's WebAssembly, compiled from `assembly/dots.ts`.
 * The compiler runs as a program: its types, once imported, redeclare what every other file takes an array to be.
 */
export async function dotsModule(): Promise<string> {
  const compiler = join(dirname(createRequire(import.meta.url).resolve("assemblyscript/package.json")), "bin/asc.js");
  const folder = await mkdtemp(join(tmpdir(), "stoa-dots-"));
  try {
    const target = join(folder, "dots.wasm");
    const { status, stderr } = spawnSync(process.execPath, [compiler, SOURCE, "--outFile", target, ...OPTIONS]);
    if (status !== 0) throw new Error(`assembly/dots.ts does not compile: ${stderr.toString()}`);
    return `// Generated from assembly/dots.ts by \`npm run build search\`.
/** WebAssembly, as base64. */
export const dotsCode =
  "${(await readFile(target)).toString("base64")}";
`;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
