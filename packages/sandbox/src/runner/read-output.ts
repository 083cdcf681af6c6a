import { matchSchema } from "@stoa/core";
import { findUnfitText, isTooDeep, type Json, type Manifest } from "@stoa/protocol";

/** Reads an output's bytes as JSON that fits the manifest, or says what is wrong with it. */
export function readOutput(bytes: Uint8Array, manifest: Manifest): { output: Json } | { problem: string } {
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
