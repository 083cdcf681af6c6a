import type { Hash } from "@stoa/protocol";
import { encodeFunctionData } from "viem";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { didRegistryAbi } from "../generated/did-registry.ts";
import { attributeName } from "./attribute-name.ts";
import type { DidAttribute } from "./set-did-attribute.ts";

/** Takes back what was said of a DID that the sender owns. */
export async function revokeDidAttribute(
  sender: ChainSender,
  { registry, identity, name, value }: DidAttribute,
): Promise<Hash> {
  const args = [identity, attributeName(name), value] as const;
  const data = encodeFunctionData({ abi: didRegistryAbi, functionName: "revokeAttribute", args });
  const receipt = await sendAndWait(sender, { doing: `revoking ${name} of ${identity}`, to: registry, data });
  return receipt.transactionHash;
}
