import { type AgentHost, AgentFailure } from "./agent-host.ts";
import type { Meter } from "./meter.ts";
import { createOutput } from "./output.ts";
import { stoaImports } from "./stoa-imports.ts";

/** A module that fails with so much of its memory taken is said to have run out of it. */
const NEARLY_FULL = 0.9;
const ABORT_TEXT_LENGTH = 300;

export interface WasmExecution {
  output: Uint8Array;
  peakMemoryMb: number;
}

/** Whether a failure is told as a lack of memory. */
export function isNearlyFull(memory: WebAssembly.Memory | undefined, memoryMb: number): boolean {
  return memory !== undefined && memory.buffer.byteLength >= NEARLY_FULL * (memoryMb << 20);
}

/** A string of AssemblyScript: UTF-16, its length in bytes four bytes before it. */
function readAssemblyScriptText(memory: WebAssembly.Memory, pointer: number): string {
  if (pointer === 0) return "";
  const bytes = new DataView(memory.buffer).getUint32(pointer - 4, true);
  return Buffer.from(memory.buffer, pointer, Math.min(bytes, ABORT_TEXT_LENGTH * 2)).toString("utf16le");
}

/**
 * Runs a compiled module once, in a fresh instance, by the "stoa" ABI of docs/agents.md.
 * @throws {AgentFailure} `crashed`, `memory_limit` or `output_limit`
 */
export function runWasm(
  module: WebAssembly.Module,
  input: Uint8Array,
  host: AgentHost,
  { memoryMb, outputBytes }: { memoryMb: number; outputBytes: number },
  meter?: Meter,
): WasmExecution {
  let memory: WebAssembly.Memory | undefined;
  const output = createOutput(outputBytes);

  /** Memory of the module; the view throws when it reaches outside. */
  function view(pointer: number, length: number): Buffer {
    if (!memory) throw new AgentFailure("crashed", "an import was called before the module was instantiated");
    meter?.charge(length >>> 0);
    return Buffer.from(memory.buffer, pointer >>> 0, length >>> 0);
  }

  const stoa = {
    input_length: () => input.length,
    input_read: (pointer: number) => void view(pointer, input.length).set(input),
    output_write: (pointer: number, length: number) => output.write(view(pointer, length)),
    log_write: (pointer: number, length: number) => host.log(view(pointer, length).toString("utf8")),
    ...stoaImports(view, host),
  };
  const env = {
    abort(message: number, file: number, line: number, column: number) {
      if (!memory) throw new AgentFailure("crashed", "aborted");
      const where = `${readAssemblyScriptText(memory, file >>> 0)}:${line}:${column}`;
      throw new AgentFailure(
        "crashed",
        `aborted: ${readAssemblyScriptText(memory, message >>> 0) || "no message"} at ${where}`,
      );
    },
  };

  let code: number;
  try {
    const { exports } = new WebAssembly.Instance(module, { stoa, env });
    memory = exports["memory"] as WebAssembly.Memory;
    meter?.attach(exports);
    code = (exports["run"] as () => number)();
  } catch (error) {
    if (error instanceof AgentFailure && error.reason !== "crashed") throw error;
    const message = error instanceof Error ? error.message : String(error);
    if (isNearlyFull(memory, memoryMb))
      throw new AgentFailure("memory_limit", `the module used up its ${memoryMb} MB: ${message}`);
    throw new AgentFailure("crashed", message);
  }
  const whole = output.whole();
  if (code !== 0) throw new AgentFailure("crashed", `run returned ${code}, expected 0`);
  return { output: whole, peakMemoryMb: memory.buffer.byteLength / (1 << 20) };
}
