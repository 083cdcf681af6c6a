/*
 * The "stoa" ABI for C, C++ and whatever else compiles to WebAssembly: docs/agents.md describes it.
 * Build for a freestanding wasm32 target, and export the memory and `run`:
 *   clang --target=wasm32 -nostdlib -O2 -Wl,--no-entry -Wl,--export=run -o agent.wasm agent.c
 */
#ifndef STOA_H
#define STOA_H

#include <stdint.h>

#define STOA_IMPORT(name) __attribute__((import_module("stoa"), import_name(#name)))

/* Largest input and output a task may have. */
#define STOA_MAX_INPUT_BYTES (1 << 20)
#define STOA_MAX_OUTPUT_BYTES (1 << 20)

/* Bytes of the input, which is JSON in UTF-8; then the input itself. */
STOA_IMPORT(input_length) int32_t stoa_input_length(void);
STOA_IMPORT(input_read) void stoa_input_read(void *pointer);

/* Appends to the output, which must be JSON in UTF-8 when run returns 0. */
STOA_IMPORT(output_write) void stoa_output_write(const void *pointer, int32_t length);

/* Writes to the execution's log; tells how far the work is, from 0 to 1000. */
STOA_IMPORT(log_write) void stoa_log_write(const void *pointer, int32_t length);
STOA_IMPORT(progress) void stoa_progress(int32_t permille, const void *text, int32_t length);

/*
 * Calls a granted capability. The result is the reply's length, to be fetched with reply_read; negative when the
 * call was refused, the reply then being the reason as text.
 */
STOA_IMPORT(call) int32_t stoa_call(const void *method, int32_t method_length, const void *json, int32_t json_length);
STOA_IMPORT(reply_read) void stoa_reply_read(void *pointer);

/* What an agent defines: 0 is success, anything else a failure. */
__attribute__((export_name("run"))) int32_t run(void);

#endif
