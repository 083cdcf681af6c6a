import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BundledArtifact, hashBytes, type Manifest } from "@stoa/protocol";

export interface Agent {
  manifest: Manifest;
  artifact: Uint8Array;
}

const output = {
  type: "object",
  properties: { value: { type: "integer" }, text: { type: "string" }, refused: { type: "string" } },
  minProperties: 1,
  additionalProperties: false,
};

/** A manifest for an artifact, with limits small enough to be reached soon. */
export function manifestFor(
  kind: BundledArtifact["kind"],
  artifact: Uint8Array,
  change: Partial<Manifest> = {},
): Manifest {
  return {
    stoa: 1,
    name: "misbehave",
    version: "1.0.0",
    description: "Does as its input tells it.",
    capabilities: ["test.misbehave"],
    input: { type: "object", required: ["do"] },
    output,
    artifact: { kind, hash: hashBytes(artifact), bytes: artifact.length },
    limits: { memoryMb: 16, timeMs: 3_000, outputBytes: 20_000, logBytes: 4_000 },
    grants: {},
    royalty: "0",
    licence: "Apache-2.0",
    ...change,
  };
}

async function compile(program: string, args: (target: string) => string[]): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), "stoa-compiled-"));
  try {
    const target = join(folder, "agent.wasm");
    const child = spawn(program, args(target), { cwd: import.meta.dirname, stdio: ["ignore", "inherit", "inherit"] });
    const code = await new Promise((resolve, reject) => child.once("error", reject).once("exit", resolve));
    if (code !== 0) throw new Error(`${program} ended with code ${String(code)}`);
    return await readFile(target);
  } finally {
    await rm(folder, { recursive: true });
  }
}

const INCLUDE = fileURLToPath(new URL("../../agent-kit/include", import.meta.url));

const builds: Readonly<Record<BundledArtifact["kind"], () => Promise<Uint8Array>>> = {
  js: () => readFile(join(import.meta.dirname, "agents/misbehave.js")),
  wasm() {
    const compiler = join(dirname(createRequire(import.meta.url).resolve("assemblyscript/package.json")), "bin/asc.js");
    const source = "agents/assembly/misbehave.ts";
    return compile(process.execPath, (target) => [compiler, source, "--outFile", target, "-O1", "--runtime", "stub"]);
  },
  wasi() {
    const flags = ["--target=wasm32-wasi", "-O1", "-Wall", "-Wextra", "-Werror", `-I${INCLUDE}`];
    return compile("clang", (target) => [...flags, "-o", target, "agents/misbehave.c"]);
  },
};

/** The agent that misbehaves on demand, as JavaScript, as AssemblyScript or as C. */
export async function misbehavingAgent(kind: BundledArtifact["kind"], change: Partial<Manifest> = {}): Promise<Agent> {
  const artifact = await builds[kind]();
  return { artifact, manifest: manifestFor(kind, artifact, change) };
}
