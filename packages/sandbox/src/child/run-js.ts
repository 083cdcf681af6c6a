import release from "@jitl/quickjs-wasmfile-release-sync";
import {
  newQuickJSWASMModuleFromVariant,
  newVariant,
  type QuickJSContext,
  type QuickJSHandle,
  type QuickJSSyncVariant,
} from "quickjs-emscripten-core";
import { type AgentHost, AgentFailure } from "./agent-host.ts";
import type { Meter } from "./meter.ts";
import { prelude } from "./prelude.ts";
import { INITIAL_PAGES, readInterpreter } from "./read-interpreter.ts";

/** The package's declarations are those of its CommonJS build, whose default is one level deeper. */
const variant = release as unknown as QuickJSSyncVariant;

const PAGE_BYTES = 65_536;
/** The interpreter's own data and stack, on top of the agent's memory. */
const OVERHEAD_MB = 16;
/** Above this the interpreter overruns the stack it was built with before it notices. */
const STACK_BYTES = 384 << 10;
/** Metered, its calls count against a smaller limit of their own, which a script cannot catch: this is met before. */
const METERED_STACK_BYTES = 96 << 10;

/** Instantiates the interpreter at once: what its loader does otherwise waits for other threads. */
function instantiating(interpreter: WebAssembly.Module, meter?: Meter) {
  return {
    instantiateWasm(imports: WebAssembly.Imports, onSuccess: (instance: WebAssembly.Instance) => void) {
      const instance = new WebAssembly.Instance(interpreter, imports);
      meter?.attach(instance.exports);
      onSuccess(instance);
      return instance.exports;
    },
  };
}

export interface JsExecution {
  output: Uint8Array;
  peakMemoryMb: number;
}

/** Compiles the interpreter once; it is instantiated anew, with its own memory, for every execution. */
export function loadInterpreter(): WebAssembly.Module {
  return new WebAssembly.Module(readInterpreter());
}

/** Instantiates the interpreter's parts that are loaded on first use, while its files may still be read. */
export async function warmInterpreter(interpreter: WebAssembly.Module): Promise<void> {
  const wasmMemory = new WebAssembly.Memory({ initial: INITIAL_PAGES, maximum: INITIAL_PAGES });
  await newQuickJSWASMModuleFromVariant(
    newVariant(variant, { wasmMemory, emscriptenModule: instantiating(interpreter) }),
  );
}

function failureOf(vm: QuickJSContext, error: QuickJSHandle, memoryMb: number): AgentFailure {
  const dumped: unknown = vm.dump(error);
  if (dumped === null || typeof dumped !== "object")
    return new AgentFailure("crashed", `threw ${JSON.stringify(dumped)}`);
  const { name, message, stack } = dumped as { name?: unknown; message?: unknown; stack?: unknown };
  if (name === "InternalError" && message === "out of memory") {
    return new AgentFailure("memory_limit", `the agent used up its ${memoryMb} MB`);
  }
  const text = (part: unknown, otherwise: string) => (typeof part === "string" ? part : otherwise);
  const where = (text(stack, "").trim().split("\n")[0] ?? "").trim();
  return new AgentFailure("crashed", `${text(name, "Error")}: ${text(message, "")}${where ? ` (${where})` : ""}`);
}

/** Runs pending jobs until a promise settles, and gives what it resolved to. */
function settle(vm: QuickJSContext, handle: QuickJSHandle, memoryMb: number): QuickJSHandle {
  for (;;) {
    const state = vm.getPromiseState(handle);
    if (state.type === "fulfilled") return state.value;
    if (state.type === "rejected") throw failureOf(vm, state.error, memoryMb);
    const jobs = vm.runtime.executePendingJobs();
    if (jobs.error) throw failureOf(vm, jobs.error, memoryMb);
    if (jobs.value === 0) throw new AgentFailure("crashed", "run waits for a promise that nothing can settle");
  }
}

function unwrap(vm: QuickJSContext, result: ReturnType<QuickJSContext["evalCode"]>, memoryMb: number): QuickJSHandle {
  if (result.error) throw failureOf(vm, result.error, memoryMb);
  return result.value;
}

/** A number from 0 to below 1, of the 53 bits a number has. */
function fractionOf(meter: Meter): number {
  const bytes = Buffer.alloc(8);
  meter.random(bytes);
  return Number(bytes.readBigUInt64LE() >> 11n) / 2 ** 53;
}

function hostFunctions(vm: QuickJSContext, host: AgentHost, meter: Meter | undefined): QuickJSHandle[] {
  return [
    vm.newFunction("log", (text) => host.log(vm.getString(text))),
    vm.newFunction("progress", (fraction, text) => host.progress(vm.getNumber(fraction), vm.getString(text))),
    vm.newFunction("call", (method, json) => {
      const answer = host.call(vm.getString(method), vm.getString(json));
      return vm.newString((answer.ok ? "+" : "-") + answer.json);
    }),
    ...(meter ? [vm.newFunction("random", () => vm.newNumber(fractionOf(meter)))] : []),
  ];
}

/**
 * Runs an agent's ES module once, in a fresh interpreter with a memory of its own.
 * @throws {AgentFailure} `crashed`, `memory_limit`, `bad_output` or `output_limit`
 */
export async function runJs(
  interpreter: WebAssembly.Module,
  source: string,
  input: string,
  host: AgentHost,
  { memoryMb, outputBytes }: { memoryMb: number; outputBytes: number },
  meter?: Meter,
): Promise<JsExecution> {
  const wasmMemory = new WebAssembly.Memory({
    initial: INITIAL_PAGES,
    maximum: ((memoryMb + OVERHEAD_MB) << 20) / PAGE_BYTES,
  });
  const quickjs = await newQuickJSWASMModuleFromVariant(
    newVariant(variant, { wasmMemory, emscriptenModule: instantiating(interpreter, meter) }),
  );
  const runtime = quickjs.newRuntime({
    memoryLimitBytes: memoryMb << 20,
    maxStackSizeBytes: meter ? METERED_STACK_BYTES : STACK_BYTES,
  });
  const vm = runtime.newContext();
  // Nothing is disposed of: the interpreter's whole memory is dropped with this call.
  try {
    const start = unwrap(
      vm,
      vm.callFunction(
        unwrap(vm, vm.evalCode(prelude, "stoa.js"), memoryMb),
        vm.undefined,
        ...hostFunctions(vm, host, meter),
      ),
      memoryMb,
    );
    const evaluated = unwrap(vm, vm.evalCode(source, "agent.js", { type: "module" }), memoryMb);
    const exports = settle(vm, evaluated, memoryMb);
    const run = vm.getProp(exports, "run");
    if (vm.typeof(run) !== "function") throw new AgentFailure("crashed", "the module must export a function named run");
    const promise = unwrap(vm, vm.callFunction(start, vm.undefined, run, vm.newString(input)), memoryMb);
    const result = settle(vm, promise, memoryMb);
    if (vm.typeof(result) !== "string") throw new AgentFailure("bad_output", "run must return what JSON can say");
    const output = Buffer.from(vm.getString(result));
    if (output.length > outputBytes) throw new AgentFailure("output_limit", `the output is over ${outputBytes} bytes`);
    return { output, peakMemoryMb: wasmMemory.buffer.byteLength / (1 << 20) };
  } catch (error) {
    if (error instanceof AgentFailure) throw error;
    throw new AgentFailure("crashed", error instanceof Error ? `${error.name}: ${error.message}` : String(error));
  }
}
