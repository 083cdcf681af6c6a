import { fillTemplate, INPUT_SOURCE, referencesOf, valueAt, withinBytes } from "@stoa/core";
import {
  canonicalJson,
  hashJson,
  type Json,
  limits,
  StoaError,
  type TaskSpec,
  type WorkflowSpec,
  type WorkflowStep,
} from "@stoa/protocol";
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
    try {
      const valueOf = withinBytes(({ pointer }) => valueAt(input, pointer), limits.inputBytes);
      await checkStep(reads, step, fillTemplate(step.input, valueOf));
    } catch (error) {
      if (!(error instanceof StoaError)) throw error;
      throw new StoaError(error.code, `/steps/${name}/input: ${error.message}`, {
        cause: error,
        ...(error.details ? { details: error.details } : {}),
      });
    }
  }
}

function checkStep(reads: Reads, { capability, agentVersion }: WorkflowStep, input: Json): Promise<void> {
  const spec: TaskSpec = {
    capability,
    ...(agentVersion === undefined ? {} : { agentVersion }),
    inputHash: hashJson(input),
    startBySeconds: 1,
    verification: { policy: "approval" },
  };
  return checkInput(reads, spec, input, Buffer.byteLength(canonicalJson(input)));
}
