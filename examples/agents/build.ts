/** Builds the example agents: each folder's `build/` gets its artifact and its whole manifest. */
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type BuiltAgent, bundleJs, compileAssemblyScript, writeBuild } from "@stoa/agent-kit/build";
import { writeWhole } from "@stoa/host";
import { hashBytes } from "@stoa/protocol";
import { buildProfiles } from "./detect-language/train/build-profiles.ts";

const folder = dirname(fileURLToPath(import.meta.url));

/** The example agents, in the order they are built. */
export const agentNames = ["summarize", "profile-csv", "detect-language"] as const;
export type AgentName = (typeof agentNames)[number];

/**
 * Builds one example agent.
 * @throws {StoaError} `invalid_manifest` when its manifest is not valid
 */
export async function buildExample(name: AgentName): Promise<BuiltAgent> {
  const source = join(folder, name);
  if (name !== "detect-language") return await writeBuild(source, await bundleJs(join(source, "src/main.ts")));
  await writeWhole(join(source, "build/table.ts"), await buildProfiles());
  return await writeBuild(source, await compileAssemblyScript("assembly/main.ts", source));
}

/** Builds every example agent. */
export async function buildAgents(): Promise<BuiltAgent[]> {
  return await Promise.all(agentNames.map(buildExample));
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const { manifest, artifact } of await buildAgents())
    console.log(`${manifest.name} ${manifest.version}  ${artifact.length} bytes  ${hashBytes(artifact)}`);
}
