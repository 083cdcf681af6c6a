import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseManifest, StoaError } from "@stoa/protocol";
import type { StoaClient } from "@stoa/sdk";
import type { LocalAccount } from "viem";
import { ROOT } from "./spawn-service.ts";

const AGENTS = join(ROOT, "examples", "agents");

/** Builds the example agents from their sources. */
export async function buildExamples(): Promise<void> {
  const child = spawn(process.execPath, [join(AGENTS, "build.ts")], { stdio: ["ignore", "ignore", "pipe"] });
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  const [code] = (await once(child, "exit")) as [number | null];
  if (code !== 0) throw new Error(`the example agents could not be built:\n${errors}`);
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
