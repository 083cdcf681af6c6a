import { installPackages } from "@stoa/testkit/debian";
import { describe } from "vitest";
import { describeRunner } from "./compliance.ts";

const missing = installPackages({
  clang: "clang",
  "wasm-ld": "lld",
  "/usr/lib/wasm32-wasi/libc.a": "wasi-libc",
  "/usr/lib/llvm-14/lib/clang/14.0.6/lib/wasi": "libclang-rt-dev-wasm32",
});

describe.skipIf(missing !== undefined)(`WASI commands in C${missing === undefined ? "" : ` (${missing})`}`, () => {
  describeRunner("wasi");
});
