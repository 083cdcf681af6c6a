import { matchSchema } from "@stoa/core";
import { findUnfitText, isTooDeep, type Json, type Manifest } from "@stoa/protocol";
import { MAX_FAILURE_LENGTH } from "../frames/messages.ts";
import { printable } from "./printable.ts";

/** Reads an output's bytes as JSON that fits the manifest, or says what is wrong with it. */
export function readOutput(bytes: Uint8Array, manifest: Manifest): { output: Json } | { problem: string } {
  const read = judgeOutput(bytes, manifest);
  // It may quote the output.
  return "problem" in read ? { problem: printable(read.problem.slice(0, MAX_FAILURE_LENGTH)) } : read;
}

function judgeOutput(bytes: Uint8Array, manifest: Manifest): { output: Json } | { problem: string } {
  let output: Json;
  try {
    output = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)) as Json;
  } catch (error) {
    return { problem: `the output is not JSON: ${(error as Error).message}` };
  }
  if (isTooDeep(output)) return { problem: "the output is nested too deep" };
  const unfit = findUnfitText(output);
  if (unfit !== undefined) return { problem: `the output's ${unfit} has a NUL character or half a surrogate pair` };
  const [problem] = matchSchema(manifest.output, output);
  return problem === undefined ? { output } : { problem: `the output does not fit the manifest's schema: ${problem}` };
}
