import { agentLimits } from "@stoa/protocol";
import { readInterpreter } from "../child/read-interpreter.ts";
import { meterModule } from "./meter-module.ts";

let metered: Uint8Array | undefined;

/**
 * The interpreter of JavaScript agents, metered: it pays for what a script has it do, regular expressions and sorting
 * included. Its fuel is the most any agent may have; whoever runs it takes from that.
 */
export function meteredInterpreter(): Uint8Array {
  metered ??= meterModule(readInterpreter(), agentLimits.fuel);
  return metered;
}
