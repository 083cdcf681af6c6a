import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import {
  type AgentVersionId,
  type BundledArtifact,
  type ExecutionFailureReason,
  type Json,
  type Manifest,
  StoaError,
} from "@stoa/protocol";
import {
  type BrokerOptions,
  createBroker,
  createRunner,
  type ExecutionOutcome,
  type KeyValueStore,
  openKeyValueStore,
} from "@stoa/sandbox";
import { manifestFor } from "../misbehaving-agent.ts";
import type { Arena } from "./arena.ts";
import type { Attack } from "./attack.ts";

/** How a contained attack ends: it fails for one of these reasons, or does no harm and gives this. */
export type Ending = ExecutionFailureReason | { gives: Json };

export interface AgentAttack {
  name: string;
  source: string;
  /** Several where it is the host's speed that decides which bound is met first. */
  ends: readonly Ending[];
  /** Found in the failure's message. */
  says?: RegExp;
  /** One execution for each, one after the other in the same process; `null` once when absent. */
  inputs?: readonly Json[];
  /** Executions of the same input at once. */
  atOnce?: number;
  limits?: Partial<Manifest["limits"]>;
  grants?: Manifest["grants"];
  /** What the node lends, the memory of its agents among it. */
  given?: (keyValue: KeyValueStore) => Omit<BrokerOptions, "versionId" | "grants">;
}

/** Time an agent has that is to meet another bound, on a host however slow. */
const PATIENT_MS = 60_000;
/** Time an agent has that would go on for ever. */
const BRIEF_MS = 400;
const LIMITS = { memoryMb: 16, outputBytes: 20_000, logBytes: 4_000 };
/** A failure's message is stored and shown; it may not grow with what the agent throws. */
const MESSAGE_LENGTH = 1_100;

export function isExpected(outcome: ExecutionOutcome, ends: readonly Ending[], says?: RegExp): boolean {
  return ends.some((end) =>
    typeof end === "string"
      ? outcome.status === "failed" && outcome.reason === end && (says?.test(outcome.message) ?? true)
      : outcome.status === "ok" && JSON.stringify(outcome.output) === JSON.stringify(end.gives),
  );
}

/** Runs an agent where a node would, with another agent's memory beside its own. */
async function runAgent(
  attack: AgentAttack,
  kind: BundledArtifact["kind"],
  artifact: Uint8Array,
  arena: Arena,
): Promise<string> {
  const { memoryFolder } = arena;
  const { inputs = [null], atOnce = 1, grants = {}, given } = attack;
  const timeMs = attack.ends.includes("timeout") ? BRIEF_MS : PATIENT_MS;
  const manifest = manifestFor(kind, artifact, {
    input: true,
    output: true,
    grants,
    limits: { ...LIMITS, timeMs, ...attack.limits },
  });
  const versionId = `0x${randomUUID()}` as AgentVersionId;
  const broker = createBroker({ versionId, grants, ...given?.(openKeyValueStore({ folder: memoryFolder })) });
  await using runner = await createRunner({ manifest, artifact, broker, containment: arena.containment });
  const shown: unknown[] = [];
  for (const input of inputs) {
    const executions = Array.from({ length: atOnce }, () =>
      runner.run({
        executionId: randomUUID(),
        input,
        onLog: (lines) => shown.push(lines),
        onProgress: (fraction, text) => shown.push([fraction, text]),
      }),
    );
    const outcomes = await Promise.all(executions);
    shown.push(outcomes);
    for (const outcome of outcomes) {
      if (!isExpected(outcome, attack.ends, attack.says))
        throw new Error(`it ended with ${JSON.stringify(outcome).slice(0, 500)}, not ${JSON.stringify(attack.ends)}`);
      if (outcome.status === "failed" && outcome.message.length > MESSAGE_LENGTH)
        throw new Error(`its failure's message has ${outcome.message.length} characters`);
    }
  }
  await rm(join(memoryFolder, `${versionId}.json`), { force: true });
  return JSON.stringify(shown);
}

/** An attack by a JavaScript agent. */
export function byJs(attack: AgentAttack): Attack {
  return { name: attack.name, launch: (arena) => runAgent(attack, "js", Buffer.from(attack.source), arena) };
}

function byModule(attack: AgentAttack, kind: "wasm" | "wasi"): Attack {
  return {
    name: attack.name,
    async launch(arena) {
      const { assemble } = await import("./assemble.ts");
      return await runAgent(attack, kind, assemble(attack.source), arena);
    },
  };
}

/** An attack by an agent in WebAssembly, written as text. */
export const byWasm = (attack: AgentAttack): Attack => byModule(attack, "wasm");

/** An attack by a WASI program, written as text. */
export const byWasi = (attack: AgentAttack): Attack => byModule(attack, "wasi");

export interface Smuggled {
  name: string;
  kind: BundledArtifact["kind"];
  artifact: () => Uint8Array | Promise<Uint8Array>;
  /** Found in the refusal. */
  says: RegExp;
  change?: Partial<Manifest>;
}

/** An artifact that must not come as far as a process. */
export function bySmuggling({ name, kind, artifact, says, change }: Smuggled): Attack {
  return {
    name,
    async launch({ containment }) {
      const bytes = await artifact();
      const manifest = manifestFor(kind, bytes, change);
      const broker = createBroker({ versionId: "0x" as AgentVersionId, grants: {} });
      const runner = await createRunner({ manifest, artifact: bytes, broker, containment }).catch((error: unknown) => {
        if (!(error instanceof StoaError) || !says.test(error.message)) throw error;
        return error.message;
      });
      if (typeof runner === "string") return runner;
      await runner[Symbol.asyncDispose]();
      throw new Error("it was admitted");
    },
  };
}
