import type { Address, Hash } from "@stoa/protocol";
import type { Chain } from "../client/connect-chain.ts";
import { readContract } from "../client/read-contract.ts";
import { validationRegistryAbi } from "../generated/validation-registry.ts";

export interface ValidationStatus {
  validator: Address;
  agentId: bigint;
  /** 0 to 100; 0 also while there is no answer. */
  response: number;
  responseHash: Hash;
  tag: string;
  /** Epoch milliseconds of the request, or of the newest answer. */
  updatedAt: number;
}

/**
 * Reads a request for validation and its newest answer.
 * @throws {StoaError} `chain_rejected` when nobody asked
 */
export async function validationStatus(
  chain: Chain,
  { registry, requestHash }: { registry: Address; requestHash: Hash },
): Promise<ValidationStatus> {
  const [validator, agentId, response, responseHash, tag, lastUpdate] = await readContract(chain, {
    address: registry,
    abi: validationRegistryAbi,
    functionName: "getValidationStatus",
    args: [requestHash],
  });
  return { validator, agentId, response, responseHash, tag, updatedAt: Number(lastUpdate) * 1_000 };
}
