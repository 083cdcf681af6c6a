import { encodeAbiParameters, type Hex, parseAbiParameters } from "viem";
import { type Address, StoaError } from "@stoa/protocol";

const fields = parseAbiParameters("address, uint8");

/**
 * The condition of the validator-answer verifier: `validator` gives the result at least `minScore` out of 100.
 * @throws {StoaError} `invalid_request` when no answer could meet it, or every one
 */
export function validatorCondition({ validator, minScore }: { validator: Address; minScore: number }): Hex {
  if (!Number.isInteger(minScore) || minScore < 1 || minScore > 100) {
    throw new StoaError("invalid_request", `the least score must be 1 to 100, got ${minScore}`);
  }
  return encodeAbiParameters(fields, [validator, minScore]);
}
