import { hashJson } from "../content-hash.ts";
import type { Hash } from "../ids.ts";
import type { WorkflowSpec } from "./workflow-spec.ts";

/** What a workflow's grant commits its wallet to. */
export interface WorkflowCommitment {
  spec: WorkflowSpec;
  /** SHA-256 of the workflow's input as canonical JSON. */
  inputHash: Hash;
  /** 32 random bytes: the same workflow can be ordered twice, and its grant, which is public, gives nothing away. */
  salt: Hash;
}

/**
 * The nonce of the session key a workflow is paid by: the hash of all that was asked for. So the wallet's signature of
 * the grant covers the workflow, and an order under that grant which is no step of it is proof against the operator.
 */
export function workflowNonce({ spec, inputHash, salt }: WorkflowCommitment): bigint {
  return BigInt(hashJson({ inputHash, salt, spec }));
}

/** The nonce of the order a running agent gives with its n-th call, from 1: a node that runs it again orders the same. */
export function subtaskNonce(parent: Hash, award: Hash, call: number): bigint {
  return BigInt(hashJson({ award, call, parent }));
}

/** The nonce of a step's order: the same attempt is the same order number, so it opens one task at most. */
export function stepNonce(workflow: Hash, step: string, attempt: number): bigint {
  return BigInt(hashJson({ attempt, step, workflow }));
}
