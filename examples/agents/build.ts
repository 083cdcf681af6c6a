/** Builds the example agents: each folder's `build/` gets its artifact and its whole manifest. */
import { spawn } from "node:child_process";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { completeManifest } from "@stoa/agent-kit";
import { hashBytes, type Manifest } from "@stoa/protocol";
import { rolldown } from "rolldown";
import { buildProfiles } from "./detect-language/train/build-profiles.ts";

const folder = dirname(fileURLToPath(import.meta.url));

/** The example agents, in the order they are built. */
export const agentNames = ["summarize", "profile-csv", "detect-language"] as const;
export type AgentName = (typeof agentNames)[number];

/** An agent that was built, and where its files are. */
export interface BuiltAgent {
  name: AgentName;
  manifest: Manifest;
  artifact: Uint8Array;
  manifestPath: string;
  artifactPath: string;
}

/** One ES module out of an agent's sources, the same bytes for the same sources. */
async function bundleJs(source: string): Promise<Uint8Array> {
  const bundle = await rolldown({
    input: join(source, "src/main.ts"),
    platform: "neutral",
    treeshake: true,
    logLevel: "silent",
  });
  try {
    const { output } = await bundle.generate({ format: "esm", minify: false, comments: false });
    return Buffer.from(output[0].code);
  } finally {
    await bundle.close();
  }
}

/** Writes a file whole or not at all: whoever reads meanwhile sees the old one or the new. */
async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  const next = `${path}.${process.pid}.next`;
  await writeFile(next, content);
  await rename(next, path);
}

/** Compiles an agent's AssemblyScript, in a process of its own. */
async function compileWasm(source: string): Promise<Uint8Array> {
  const target = join(source, `build/agent.wasm.${process.pid}.next`);
  const require = createRequire(import.meta.url);
  const compiler = join(dirname(require.resolve("assemblyscript/package.json")), "bin/asc.js");
  const args = [compiler, "assembly/main.ts", "--outFile", target, "--optimizeLevel", "3", "--runtime", "stub"];
  const child = spawn(process.execPath, args, { cwd: source, stdio: ["ignore", "inherit", "inherit"] });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", resolve);
  });
  if (code !== 0) throw new Error(`the AssemblyScript compiler ended with code ${code} on ${source}`);
  const wasm = await readFile(target);
  await rm(target);
  return wasm;
}

/**
 * Builds one example agent.
 * @throws {StoaError} `invalid_manifest` when its manifest is not valid
 */
export async function buildAgent(name: AgentName): Promise<BuiltAgent> {
  const source = join(folder, name);
  const target = join(source, "build");
  const written = JSON.parse(await readFile(join(source, "manifest.json"), "utf8")) as {
    artifact: { kind: "js" | "wasm" };
  };
  const { kind } = written.artifact;
  const artifactPath = join(target, kind === "js" ? "agent.js" : "agent.wasm");
  const manifestPath = join(target, "manifest.json");
  await mkdir(target, { recursive: true });
  if (name === "detect-language") await writeWhole(join(target, "table.ts"), await buildProfiles());
  const artifact = kind === "js" ? await bundleJs(source) : await compileWasm(source);
  const manifest = completeManifest(written, artifact);
  await writeWhole(artifactPath, artifact);
  await writeWhole(manifestPath, `${JSON.stringify(manifest, null, 2)}\n`);
  return { name, manifest, artifact, manifestPath, artifactPath };
}

/** Builds every example agent. */
export async function buildAgents(): Promise<BuiltAgent[]> {
  return await Promise.all(agentNames.map(buildAgent));
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const { name, manifest, artifact } of await buildAgents())
    console.log(`${name} ${manifest.version}  ${artifact.length} bytes  ${hashBytes(artifact)}`);
}
