import { chdir } from "node:process";
import { StoaError } from "@stoa/protocol";
import { writeBuild } from "./write-build.ts";

/**
 * What an agent's `build.js` does: makes the artifact, writes it with its manifest into `build/`, and says so. A
 * failure is told in a line and ends the process with code 1.
 * @param folder the agent's; the paths that `make` uses count from it
 * @example
 * await buildAgent(import.meta.dirname, () => bundleJs("src/main.ts"));
 */
export async function buildAgent(folder: string, make: () => Promise<Uint8Array>): Promise<void> {
  chdir(folder);
  try {
    const { manifest } = await writeBuild(folder, await make());
    const { kind, bytes, hash } = manifest.artifact;
    console.log(`${manifest.name} ${manifest.version}: ${kind}, ${bytes} bytes, ${hash}`);
  } catch (error) {
    if (!(error instanceof StoaError)) throw error;
    console.error(`${error.code}: ${error.message}`);
    process.exitCode = 1;
  }
}
