import { fillTemplate, INPUT_SOURCE, referencesOf, valueAt } from "@stoa/core";
import { canonicalJson, hashJson, type Json, StoaError, type WorkflowSpec } from "@stoa/protocol";
import type { Reads } from "../reads/open-reads.ts";
import { checkInput } from "../tasks/check-input.ts";

/**
 * Checks the inputs of the steps that need nothing of another step: what cannot be ordered is told before the budget is
 * set aside.
 * @throws {StoaError} what is wrong with an input, with its step's place before it
 */
export async function checkKnownInputs(reads: Reads, spec: WorkflowSpec, input: Json): Promise<void> {
  for (const [name, step] of Object.entries(spec.steps)) {
    if (referencesOf(step.input).some(({ reference }) => reference?.source !== INPUT_SOURCE)) continue;
    const filled = fillTemplate(step.input, ({ pointer }) => valueAt(input, pointer));
    const task = {
      capability: step.capability,
      ...(step.agentVersion === undefined ? {} : { agentVersion: step.agentVersion }),
      inputHash: hashJson(filled),
      startBySeconds: 1,
      verification: { policy: "approval" as const },
    };
    try {
      await checkInput(reads, task, filled, Buffer.byteLength(canonicalJson(filled)));
    } catch (error) {
      if (!(error instanceof StoaError)) throw error;
      throw new StoaError(error.code, `/steps/${name}/input: ${error.message}`, {
        cause: error,
        ...(error.details ? { details: error.details } : {}),
      });
    }
  }
}
