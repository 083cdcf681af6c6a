import type { Address, Hash } from "@stoa/protocol";
import { encodeFunctionData, stringToHex } from "viem";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { didRegistryAbi } from "../generated/did-registry.ts";

/** An account that speaks for a DID. */
export interface DidDelegate {
  registry: Address;
  identity: Address;
  delegate: Address;
  /** `veriKey` signs assertions, `sigAuth` authenticates too. */
  type: "veriKey" | "sigAuth";
}

/** Lets an account speak for a DID that the sender owns, for some seconds from the transaction's block. */
export async function addDidDelegate(
  sender: ChainSender,
  { registry, identity, delegate, type, seconds }: DidDelegate & { seconds: number },
): Promise<Hash> {
  const data = encodeFunctionData({
    abi: didRegistryAbi,
    functionName: "addDelegate",
    args: [identity, stringToHex(type, { size: 32 }), delegate, BigInt(seconds)],
  });
  const receipt = await sendAndWait(sender, {
    doing: `making ${delegate} a ${type} of ${identity}`,
    to: registry,
    data,
  });
  return receipt.transactionHash;
}
