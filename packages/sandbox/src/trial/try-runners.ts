import { agentVersionId, type BundledArtifact, hashBytes, type Manifest } from "@stoa/protocol";
import { createBroker } from "../broker/create-broker.ts";
import type { Containment } from "../containment/detect-containment.ts";
import { createRunner } from "../runner/create-runner.ts";

/**
 * What gives 1, whatever it is given. As text, the module is
 * (module
 *   (import "stoa" "output_write" (func (param i32 i32)))
 *   (memory (export "memory") 1)
 *   (data (i32.const 0) "1")
 *   (func (export "run") (result i32) (call 0 (i32.const 0) (i32.const 1)) (i32.const 0)))
 */
const agents = {
  js: Buffer.from("export const run = () => 1;"),
  wasm: Buffer.from(
    "0061736d01000000010a026000017f60027f7f000215010473746f610c6f75747075745f77726974650001030201000503010001" +
      "071002066d656d6f727902000372756e00010a0c010a0041004101100041000b0b07010041000b0131",
    "hex",
  ),
} as const;
type Kind = keyof typeof agents;

/** What came of running an agent here. */
export type RunnerTrial = { kind: Kind } & ({ coldMs: number; warmMs: number } | { problem: string });

/**
 * Runs an agent of each kind that needs nothing but this host, twice: in a process that must start first, and in the
 * one that stands ready then.
 */
export async function tryRunners(containment: Containment): Promise<RunnerTrial[]> {
  const trials: RunnerTrial[] = [];
  for (const kind of Object.keys(agents) as Kind[]) trials.push(await tryRunner(kind, containment));
  return trials;
}

async function tryRunner(kind: Kind, containment: Containment): Promise<RunnerTrial> {
  const artifact = agents[kind];
  const manifest = manifestOf(kind, artifact);
  const broker = createBroker({ versionId: agentVersionId(manifest), grants: manifest.grants });
  await using runner = await createRunner({ manifest, artifact, broker, containment });
  const times: number[] = [];
  for (const executionId of ["cold", "warm"]) {
    const outcome = await runner.run({ executionId, input: null });
    if (outcome.status === "failed") return { kind, problem: `${outcome.reason}: ${outcome.message}` };
    times.push(outcome.stats.wallMs);
  }
  return { kind, coldMs: times[0]!, warmMs: times[1]! };
}

function manifestOf(kind: BundledArtifact["kind"], artifact: Uint8Array): Manifest {
  return {
    stoa: 1,
    name: `trial-${kind}`,
    version: "1.0.0",
    description: "Gives 1.",
    capabilities: ["test.trial"],
    input: true,
    output: { const: 1 },
    artifact: { kind, hash: hashBytes(artifact), bytes: artifact.length },
    limits: { memoryMb: 16, timeMs: 10_000, outputBytes: 64, logBytes: 0 },
    grants: {},
    royalty: "0",
    licence: "Apache-2.0",
  };
}
