/** Value types as the binary format writes them. */
export const I32 = 0x7f;

export interface WasmSignature {
  params: readonly number[];
  results: readonly number[];
}

const signature = (params: number, results: number): WasmSignature => ({
  params: Array.from({ length: params }, () => I32),
  results: Array.from({ length: results }, () => I32),
});

/** Every function a module may import, by `module.name`: the "stoa" ABI of docs/agents.md. */
export const wasmImports: Readonly<Record<string, WasmSignature>> = {
  "stoa.input_length": signature(0, 1),
  "stoa.input_read": signature(1, 0),
  "stoa.output_write": signature(2, 0),
  "stoa.log_write": signature(2, 0),
  "stoa.progress": signature(3, 0),
  "stoa.call": signature(4, 1),
  "stoa.reply_read": signature(1, 0),
  "env.abort": signature(4, 0),
};

/** What a module must export as `run`. */
export const runSignature = signature(0, 1);

export const WASM_PAGE_BYTES = 65_536;
/** Tables hold function references; they are kept small because they live outside the module's own memory. */
export const MAX_TABLES = 8;
export const MAX_TABLE_ENTRIES = 65_536;
/** Most entries of the sections that are walked one by one. */
export const MAX_TYPES = 10_000;
export const MAX_IMPORTS = 64;
export const MAX_EXPORTS = 1_000;
