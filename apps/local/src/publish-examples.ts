import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseManifest, StoaError } from "@stoa/protocol";
import type { StoaClient } from "@stoa/sdk";
import type { LocalAccount } from "viem";
import { runToEnd } from "./run-to-end.ts";
import { ROOT } from "./spawn-service.ts";

const AGENTS = join(ROOT, "examples", "agents");

/** Builds the example agents from their sources. */
export function buildExamples(): Promise<void> {
  return runToEnd("the example agents", join(AGENTS, "build.ts"));
}

/**
 * Publishes every built example agent. One published before stays as it is, even when its sources have changed since:
 * a version is published once.
 * @returns how many agents are offered
 */
export async function publishExamples(
  client: StoaClient,
  creator: LocalAccount,
  onStep: (text: string) => void,
): Promise<number> {
  let offered = 0;
  for (const entry of await readdir(AGENTS, { withFileTypes: true })) {
    if (!entry.isDirectory() || entry.name === "node_modules") continue;
    const build = join(AGENTS, entry.name, "build");
    const manifest = parseManifest(JSON.parse(await readFile(join(build, "manifest.json"), "utf8")));
    const artifact = await readFile(join(build, manifest.artifact.kind === "js" ? "agent.js" : "agent.wasm"));
    await client.agents.publish({ manifest, artifact, signer: creator }).catch((error: unknown) => {
      if (!(error instanceof StoaError) || error.code !== "version_exists") throw error;
      onStep(
        `${manifest.name} ${manifest.version} stays as it was published; raise its version to publish what was built now`,
      );
    });
    offered += 1;
  }
  return offered;
}
