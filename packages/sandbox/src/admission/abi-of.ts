import type { Manifest } from "@stoa/protocol";
import { wasiAbi } from "./wasi-abi.ts";
import { stoaAbi, type WasmAbi } from "./wasm-abi.ts";

/** The ABI of a kind of agent; undefined for those that are no WebAssembly. */
export function abiOf(kind: Manifest["artifact"]["kind"]): WasmAbi | undefined {
  if (kind === "wasm") return stoaAbi;
  return kind === "wasi" ? wasiAbi : undefined;
}
