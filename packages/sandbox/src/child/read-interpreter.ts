import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const PAGE_BYTES = 65_536;
/** What the interpreter was built to start with: 16 MB, of which it touches the first 5.5 MB before it runs anything. */
const BUILT_PAGES = 256;
/**
 * What it is started with instead; it grows as it needs to. Every execution has a memory of its own, and the engine
 * collects garbage by how much of it was made: with all of 16 MB, that took half of a short execution's time.
 */
export const INITIAL_PAGES = (6 << 20) / PAGE_BYTES;

/** An import of module "a", named "a": a memory with a maximum, from a number of pages that takes two bytes. */
const memoryFrom = (pages: number) => Buffer.from([1, 0x61, 1, 0x61, 2, 1, (pages & 0x7f) | 0x80, pages >> 7]);

/** The interpreter of JavaScript agents, made to start with less memory than it was built for. */
export function readInterpreter(): Buffer<ArrayBuffer> {
  const bytes = readFileSync(createRequire(import.meta.url).resolve("@jitl/quickjs-wasmfile-release-sync/wasm"));
  const at = bytes.indexOf(memoryFrom(BUILT_PAGES));
  if (at < 0) throw new Error(`the interpreter imports no memory of ${BUILT_PAGES} pages: it is another build`);
  memoryFrom(INITIAL_PAGES).copy(bytes, at);
  return bytes;
}
