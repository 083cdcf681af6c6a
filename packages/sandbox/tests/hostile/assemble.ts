import binaryen from "binaryen";

const assembled = new Map<string, Uint8Array>();

/** Assembles a module's text, whatever of WebAssembly it uses; it is not validated. */
export function assemble(text: string): Uint8Array {
  const bytes = assembled.get(text) ?? emit(text);
  assembled.set(text, bytes);
  return bytes;
}

function emit(text: string): Uint8Array {
  const module = binaryen.parseText(text);
  try {
    module.setFeatures(binaryen.Features.All);
    return module.emitBinary();
  } finally {
    module.dispose();
  }
}

/** A module around the body of `run`, with the whole of the "stoa" ABI at hand. */
export function agentModule(run: string, more = "", memory = '(memory (export "memory") 1)'): string {
  return `(module
    (import "stoa" "input_length" (func $input_length (result i32)))
    (import "stoa" "input_read" (func $input_read (param i32)))
    (import "stoa" "output_write" (func $output_write (param i32 i32)))
    (import "stoa" "log_write" (func $log_write (param i32 i32)))
    (import "stoa" "progress" (func $progress (param i32 i32 i32)))
    (import "stoa" "call" (func $call (param i32 i32 i32 i32) (result i32)))
    (import "stoa" "reply_read" (func $reply_read (param i32)))
    (import "env" "abort" (func $abort (param i32 i32 i32 i32)))
    ${memory}
    ${more}
    (func (export "run") (result i32) ${run} (i32.const 0)))`;
}
