import { randomUUID } from "node:crypto";
import type { AgentVersionId } from "@stoa/protocol";
import { type Containment, createBroker, createRunner } from "@stoa/sandbox";
import { manifestFor } from "../misbehaving-agent.ts";

/** An agent that goes on being asked while others attack. */
export interface GoodAgent extends AsyncDisposable {
  /** Milliseconds of each execution, in order; whoever reads may take them out. */
  readonly latencies: number[];
  /** Whatever went wrong; nothing may. */
  readonly faults: readonly string[];
  /** Lets the last execution end, and asks no more until `goOn`. */
  rest(): Promise<void>;
  goOn(): void;
}

const PAUSE_MS = 5;

/** Starts asking a well-behaved agent one thing after the other. */
export async function startGoodAgent(containment: Containment): Promise<GoodAgent> {
  const artifact = Buffer.from("export const run = ({ n }) => ({ value: 2 * n });");
  const limits = { memoryMb: 16, timeMs: 60_000, outputBytes: 1_000, logBytes: 1_000 };
  const manifest = manifestFor("js", artifact, { name: "good", input: true, limits });
  const broker = createBroker({ versionId: `0x${randomUUID()}` as AgentVersionId, grants: {} });
  const runner = await createRunner({ manifest, artifact, broker, containment });
  const latencies: number[] = [];
  const faults: string[] = [];
  let stopping = false;
  let asking = Promise.resolve();

  async function ask(): Promise<void> {
    for (let n = 0; !stopping; n += 1) {
      const startedAt = performance.now();
      const outcome = await runner.run({ executionId: randomUUID(), input: { n } });
      latencies.push(performance.now() - startedAt);
      const isWell = outcome.status === "ok" && JSON.stringify(outcome.output) === JSON.stringify({ value: 2 * n });
      if (!isWell) faults.push(JSON.stringify(outcome));
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }

  function goOn(): void {
    stopping = false;
    asking = ask();
  }
  async function rest(): Promise<void> {
    stopping = true;
    await asking;
  }
  await runner.warm();
  goOn();
  return {
    latencies,
    faults,
    rest,
    goOn,
    async [Symbol.asyncDispose]() {
      await rest();
      await runner[Symbol.asyncDispose]();
    },
  };
}
