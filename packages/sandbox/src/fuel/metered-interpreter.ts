import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { agentLimits } from "@stoa/protocol";
import { meterModule } from "./meter-module.ts";

let metered: Promise<Uint8Array> | undefined;

/**
 * The interpreter of JavaScript agents, metered: it pays for what a script has it do, regular expressions and sorting
 * included. Its fuel is the most any agent may have; whoever runs it takes from that.
 */
export function meteredInterpreter(): Promise<Uint8Array> {
  metered ??= readFile(createRequire(import.meta.url).resolve("@jitl/quickjs-wasmfile-release-sync/wasm")).then(
    (bytes) => meterModule(bytes, agentLimits.fuel),
  );
  return metered;
}
