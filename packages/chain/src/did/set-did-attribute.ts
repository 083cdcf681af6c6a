import type { Address, Hash } from "@stoa/protocol";
import { encodeFunctionData, type Hex } from "viem";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { didRegistryAbi } from "../generated/did-registry.ts";
import { attributeName } from "./attribute-name.ts";

/** A key or a place of service that a DID names. */
export interface DidAttribute {
  registry: Address;
  identity: Address;
  /** Such as `did/svc/Market` or `did/pub/Secp256k1/veriKey/hex`; at most 32 bytes. */
  name: string;
  value: Hex;
}

/**
 * Says something of a DID that the sender owns, for some seconds from the transaction's block.
 * @throws {StoaError} `invalid_request` when the name is longer than the registry holds
 */
export async function setDidAttribute(
  sender: ChainSender,
  { registry, identity, name, value, seconds }: DidAttribute & { seconds: number },
): Promise<Hash> {
  const args = [identity, attributeName(name), value, BigInt(seconds)] as const;
  const data = encodeFunctionData({ abi: didRegistryAbi, functionName: "setAttribute", args });
  const receipt = await sendAndWait(sender, { doing: `setting ${name} of ${identity}`, to: registry, data });
  return receipt.transactionHash;
}
