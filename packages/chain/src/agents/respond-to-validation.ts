import { type Address, type Hash, ZERO_HASH } from "@stoa/protocol";
import { encodeFunctionData } from "viem";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { validationRegistryAbi } from "../generated/validation-registry.ts";

/**
 * Answers a request that was put to the sender.
 * @param terms.response 0 to 100
 */
export async function respondToValidation(
  sender: ChainSender,
  terms: {
    registry: Address;
    requestHash: Hash;
    response: number;
    tag?: string;
    details?: { uri: string; hash: Hash };
  },
): Promise<Hash> {
  const { registry, requestHash, response, tag = "", details = { uri: "", hash: ZERO_HASH } } = terms;
  const args = [requestHash, response, details.uri, details.hash, tag] as const;
  const data = encodeFunctionData({ abi: validationRegistryAbi, functionName: "validationResponse", args });
  const receipt = await sendAndWait(sender, { doing: `answering ${requestHash}`, to: registry, data });
  return receipt.transactionHash;
}
