import { type EscrowTerms, nodeSignaturesCondition, resultHashCondition, validatorCondition } from "@stoa/chain";
import { type Hash, parseAddress, parseHash, StoaError } from "@stoa/protocol";
import type { OpenedContracts } from "../contracts/open-contracts.ts";
import type { ChainOptions } from "../profile/open-rpc.ts";

/** Who judges a delivery in the requester's place; nobody unless it is said. */
export interface VerifierOptions extends ChainOptions {
  expect?: string;
  attestedBy?: string;
  threshold?: string;
  validator?: string;
  minScore?: string;
}

/** @throws {StoaError} `invalid_request` for two of them, or one by half */
export function readVerifier(
  { at }: Pick<OpenedContracts, "at">,
  { expect, attestedBy, threshold, validator, minScore }: VerifierOptions,
  taskHash: Hash,
): EscrowTerms["verifier"] {
  const named = [expect, attestedBy ?? threshold, validator ?? minScore].filter((given) => given !== undefined);
  if (named.length > 1)
    throw new StoaError("invalid_request", "expected one of --expect, --attested-by and --validator, got several");
  if (expect !== undefined) {
    const resultHash = parseHash(expect, "--expect");
    return { address: at("resultHashes"), condition: resultHashCondition({ taskHash, resultHash }) };
  }
  if (attestedBy !== undefined || threshold !== undefined) {
    const [names, count] = both(attestedBy, threshold, "--attested-by and --threshold");
    const nodes = names.split(",").map((node) => parseAddress(node.trim(), "a node of --attested-by"));
    return { address: at("nodeSignatures"), condition: nodeSignaturesCondition({ threshold: Number(count), nodes }) };
  }
  if (validator === undefined && minScore === undefined) return null;
  const [address, score] = both(validator, minScore, "--validator and --min-score");
  const condition = validatorCondition({
    validator: parseAddress(address, "--validator"),
    minScore: Number(score),
  });
  return { address: at("validatorAnswers"), condition };
}

function both(one: string | undefined, other: string | undefined, names: string): [string, string] {
  if (one !== undefined && other !== undefined) return [one, other];
  throw new StoaError("invalid_request", `${names} go together`);
}
