import { dotsCode } from "./dots-code.ts";

/** Writes the inner products of one vector with `count` others; `assembly/dots.ts` says what its arguments are. */
type Dots = (query: number, rows: number, count: number, width: number, results: number) => void;

/** Opens the kernel over a memory. Its arithmetic takes four numbers at once, which JavaScript cannot. */
export function openDots(memory: WebAssembly.Memory): Dots {
  const module = new WebAssembly.Module(Buffer.from(dotsCode, "base64"));
  return new WebAssembly.Instance(module, { env: { memory } }).exports["dots"] as Dots;
}
