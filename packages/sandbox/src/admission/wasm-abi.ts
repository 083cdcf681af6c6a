/** Value types as the binary format writes them. */
export const I32 = 0x7f;
export const I64 = 0x7e;

export interface WasmSignature {
  params: readonly number[];
  results: readonly number[];
}

export const signature = (params: number, results: number): WasmSignature => ({
  params: Array.from({ length: params }, () => I32),
  results: Array.from({ length: results }, () => I32),
});

/** How a module and its host speak to each other. */
export interface WasmAbi {
  /** Every function a module may import, by `module.name`. */
  imports: Readonly<Record<string, WasmSignature>>;
  /** The function it must export. */
  entry: { name: string; signature: WasmSignature; told: string };
}

/** What it may ask beside input, output and log, by whatever ABI. */
export const callImports: WasmAbi["imports"] = {
  "stoa.progress": signature(3, 0),
  "stoa.call": signature(4, 1),
  "stoa.reply_read": signature(1, 0),
};

/** The "stoa" ABI of docs/agents.md. */
export const stoaAbi: WasmAbi = {
  imports: {
    "stoa.input_length": signature(0, 1),
    "stoa.input_read": signature(1, 0),
    "stoa.output_write": signature(2, 0),
    "stoa.log_write": signature(2, 0),
    ...callImports,
    "env.abort": signature(4, 0),
  },
  entry: { name: "run", signature: signature(0, 1), told: "takes nothing and returns an i32" },
};

export const WASM_PAGE_BYTES = 65_536;
/** Sections of nothing take three bytes each: five million of them fit into an artifact, and gigabytes to handle. */
export const MAX_SECTIONS = 256;
/** Tables hold function references; they are kept small because they live outside the module's own memory. */
export const MAX_TABLES = 8;
export const MAX_TABLE_ENTRIES = 65_536;
/** Most entries of the sections that are walked one by one. */
export const MAX_TYPES = 10_000;
export const MAX_IMPORTS = 64;
export const MAX_EXPORTS = 1_000;
export const MAX_FUNCTIONS = 100_000;

/*
 * What an engine's validation costs grows with these beyond the module's size: a call or a branch of two bytes handles
 * every parameter or result, a few bytes declare thousands of locals, and nesting takes memory for every level.
 * Measured on modules of 16 MiB: calls with 32 parameters take 1.2 s, nested blocks 0.8 s and 140 MB.
 */
export const MAX_PARAMETERS = 32;
export const MAX_RESULTS = 16;
export const MAX_LOCALS = 10_000;
export const MAX_LOCALS_IN_ALL = 2_000_000;
export const MAX_BODY_BYTES = 512 << 10;
