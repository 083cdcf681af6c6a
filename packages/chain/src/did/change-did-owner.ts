import type { Address, Hash } from "@stoa/protocol";
import { encodeFunctionData } from "viem";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { didRegistryAbi } from "../generated/did-registry.ts";

/** Gives a DID that the sender owns to another account; to the zero address to give it up for good. */
export async function changeDidOwner(
  sender: ChainSender,
  { registry, identity, owner }: { registry: Address; identity: Address; owner: Address },
): Promise<Hash> {
  const data = encodeFunctionData({ abi: didRegistryAbi, functionName: "changeOwner", args: [identity, owner] });
  const receipt = await sendAndWait(sender, { doing: `giving the DID of ${identity} to ${owner}`, to: registry, data });
  return receipt.transactionHash;
}
