import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { hashBytes, type Manifest } from "@stoa/protocol";
import { busyboxImage } from "@stoa/testkit/container-engine";

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
  kind: Manifest["artifact"]["kind"],
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

async function compile(source: string): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), "stoa-asc-"));
  try {
    const target = join(folder, "agent.wasm");
    const compiler = join(dirname(createRequire(import.meta.url).resolve("assemblyscript/package.json")), "bin/asc.js");
    const child = spawn(process.execPath, [compiler, source, "--outFile", target, "-O1", "--runtime", "stub"], {
      cwd: import.meta.dirname,
      stdio: ["ignore", "inherit", "inherit"],
    });
    const code = await new Promise((resolve, reject) => child.once("error", reject).once("exit", resolve));
    if (code !== 0) throw new Error(`the compiler ended with code ${String(code)}`);
    return await readFile(target);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function artifactOf(kind: Manifest["artifact"]["kind"]): Promise<Uint8Array> {
  switch (kind) {
    case "js":
      return await readFile(join(import.meta.dirname, "agents/misbehave.js"));
    case "wasm":
      return await compile("agents/assembly/misbehave.ts");
    case "container":
      return await busyboxImage(await readFile(join(import.meta.dirname, "agents/misbehave.sh"), "utf8"));
  }
}

/** The agent that misbehaves on demand, as WASM, as JavaScript or as a shell script in a container. */
export async function misbehavingAgent(
  kind: Manifest["artifact"]["kind"],
  change: Partial<Manifest> = {},
): Promise<Agent> {
  const artifact = await artifactOf(kind);
  return { artifact, manifest: manifestFor(kind, artifact, change) };
}
