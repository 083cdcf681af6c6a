import { Fd, WASI, wasi as preview1 } from "@bjorn3/browser_wasi_shim";
import { type AgentHost, AgentFailure } from "./agent-host.ts";
import type { Meter } from "./meter.ts";
import { createOutput } from "./output.ts";
import { isNearlyFull, type WasmExecution } from "./run-wasm.ts";
import { stillWorld } from "./still-world.ts";
import { stoaImports } from "./stoa-imports.ts";

/** Of what it wrote last to its standard error, told when it fails. */
const LAST_WORDS_LENGTH = 300;

/** Standard input: the execution's input, once. */
class Input extends Fd {
  #rest: Uint8Array;
  readonly #meter: Meter | undefined;

  constructor(input: Uint8Array, meter: Meter | undefined) {
    super();
    this.#rest = input;
    this.#meter = meter;
  }

  override fd_fdstat_get() {
    return { ret: preview1.ERRNO_SUCCESS, fdstat: new preview1.Fdstat(preview1.FILETYPE_UNKNOWN, 0) };
  }

  override fd_read(size: number) {
    const data = this.#rest.subarray(0, size);
    this.#rest = this.#rest.subarray(size);
    this.#meter?.charge(data.length);
    return { ret: preview1.ERRNO_SUCCESS, data };
  }
}

/** Standard output or error: what is written goes to a listener. */
class Written extends Fd {
  readonly #take: (bytes: Uint8Array) => void;
  readonly #meter: Meter | undefined;

  constructor(take: (bytes: Uint8Array) => void, meter: Meter | undefined) {
    super();
    this.#take = take;
    this.#meter = meter;
  }

  override fd_fdstat_get() {
    return { ret: preview1.ERRNO_SUCCESS, fdstat: new preview1.Fdstat(preview1.FILETYPE_UNKNOWN, 0) };
  }

  override fd_write(data: Uint8Array) {
    this.#meter?.charge(data.length);
    this.#take(data);
    return { ret: preview1.ERRNO_SUCCESS, nwritten: data.length };
  }
}

/** Makes lines of what comes in pieces; a line that never ends is passed on once it is longer than a log may be. */
function createLines(host: AgentHost, logBytes: number) {
  let open = Buffer.alloc(0);
  let last = "";
  function pass(line: Buffer): void {
    last = line.toString("utf8");
    host.log(last);
  }
  return {
    add(bytes: Uint8Array) {
      open = Buffer.concat([open, bytes]);
      for (let end = open.indexOf(10); end >= 0; end = open.indexOf(10)) {
        pass(open.subarray(0, end));
        open = open.subarray(end + 1);
      }
      if (open.length > logBytes) this.end();
    },
    end() {
      if (open.length > 0) pass(open);
      open = Buffer.alloc(0);
    },
    /** The last line that says something. */
    lastWords: () => last.slice(0, LAST_WORDS_LENGTH),
  };
}

/**
 * Runs a compiled WASI command (preview 1) once, in a fresh instance: the input is its standard input, its output what
 * it writes to standard output, its log standard error. It has no arguments, no environment and no files.
 * @throws {AgentFailure} `crashed`, `memory_limit` or `output_limit`
 */
export function runWasi(
  module: WebAssembly.Module,
  input: Uint8Array,
  host: AgentHost,
  { memoryMb, outputBytes, logBytes }: { memoryMb: number; outputBytes: number; logBytes: number },
  meter?: Meter,
): WasmExecution {
  const output = createOutput(outputBytes);
  const lines = createLines(host, logBytes);
  const descriptors = [
    new Input(input, meter),
    new Written((bytes) => output.write(bytes), meter),
    new Written((bytes) => lines.add(bytes), meter),
  ];
  const wasi = new WASI([], [], descriptors, { debug: false });
  let memory: WebAssembly.Memory | undefined;
  function memoryNow(): WebAssembly.Memory {
    if (!memory) throw new AgentFailure("crashed", "an import was called before the module was instantiated");
    return memory;
  }
  const stoa = stoaImports((pointer, length) => {
    meter?.charge(length >>> 0);
    return Buffer.from(memoryNow().buffer, pointer >>> 0, length >>> 0);
  }, host);
  const world = meter ? { ...wasi.wasiImport, ...stillWorld(memoryNow, meter) } : wasi.wasiImport;

  let failed: string | undefined;
  try {
    const instance = new WebAssembly.Instance(module, { wasi_snapshot_preview1: world, stoa });
    memory = instance.exports["memory"] as WebAssembly.Memory;
    meter?.attach(instance.exports);
    const code = wasi.start(instance as Parameters<WASI["start"]>[0]);
    lines.end();
    if (code !== 0) failed = [`it ended with code ${code}`, lines.lastWords()].filter(Boolean).join(": ");
  } catch (error) {
    if (error instanceof AgentFailure && error.reason !== "crashed") throw error;
    failed = error instanceof Error ? error.message : String(error);
  }
  const whole = output.whole();
  if (failed !== undefined) {
    if (isNearlyFull(memory, memoryMb))
      throw new AgentFailure("memory_limit", `the module used up its ${memoryMb} MB: ${failed}`);
    throw new AgentFailure("crashed", failed);
  }
  return { output: whole, peakMemoryMb: memory!.buffer.byteLength / (1 << 20) };
}
