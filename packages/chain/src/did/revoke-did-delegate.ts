import type { Hash } from "@stoa/protocol";
import { encodeFunctionData, stringToHex } from "viem";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { didRegistryAbi } from "../generated/did-registry.ts";
import type { DidDelegate } from "./add-did-delegate.ts";

/** Takes from an account its word for a DID that the sender owns. */
export async function revokeDidDelegate(
  sender: ChainSender,
  { registry, identity, delegate, type }: DidDelegate,
): Promise<Hash> {
  const data = encodeFunctionData({
    abi: didRegistryAbi,
    functionName: "revokeDelegate",
    args: [identity, stringToHex(type, { size: 32 }), delegate],
  });
  const receipt = await sendAndWait(sender, { doing: `revoking ${delegate} of ${identity}`, to: registry, data });
  return receipt.transactionHash;
}
