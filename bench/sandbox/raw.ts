import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import release from "@jitl/quickjs-wasmfile-release-sync";
import { newQuickJSWASMModuleFromVariant, newVariant, type QuickJSSyncVariant } from "quickjs-emscripten-core";

/** The package's declarations are those of its CommonJS build, whose default is one level deeper. */
const variant = release as unknown as QuickJSSyncVariant;

/** Instantiates a module of the "stoa" ABI and calls it, with nothing around: the least an execution can take. */
export function rawWasm(module: WebAssembly.Module, input: Uint8Array): Uint8Array {
  const output: Uint8Array[] = [];
  const memoryOf = (instance: WebAssembly.Instance) => instance.exports["memory"] as WebAssembly.Memory;
  const stoa = {
    input_length: () => input.length,
    input_read: (pointer: number) => new Uint8Array(memoryOf(instance).buffer, pointer, input.length).set(input),
    output_write: (pointer: number, length: number) =>
      output.push(new Uint8Array(memoryOf(instance).buffer, pointer, length).slice()),
    log_write: () => undefined,
    progress: () => undefined,
    call: () => 0,
    reply_read: () => undefined,
  };
  const instance: WebAssembly.Instance = new WebAssembly.Instance(module, { stoa, env: { abort: () => undefined } });
  (instance.exports["run"] as () => number)();
  return Buffer.concat(output);
}

/** Evaluates code in QuickJS, instantiated anew, with nothing around. */
export async function openRawQuickJs(): Promise<(code: string) => Promise<unknown>> {
  const path = createRequire(import.meta.url).resolve("@jitl/quickjs-wasmfile-release-sync/wasm");
  const wasmModule = new WebAssembly.Module(readFileSync(path));
  return async (code) => {
    const engine = await newQuickJSWASMModuleFromVariant(newVariant(variant, { wasmModule: async () => wasmModule }));
    return engine.evalCode(code);
  };
}
