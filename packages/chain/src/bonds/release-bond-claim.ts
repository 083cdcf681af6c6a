import { encodeFunctionData } from "viem";
import type { Address, Hash } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { operatorBondsAbi } from "../generated/operator-bonds.ts";

/** Gives the bond back what a claim locks on an order that the vault has settled or ruled against. Anyone may send it. */
export async function releaseBondClaim(
  sender: ChainSender,
  { bonds, orderHash }: { bonds: Address; orderHash: Hash },
): Promise<Hash> {
  const data = encodeFunctionData({ abi: operatorBondsAbi, functionName: "release", args: [orderHash] });
  const receipt = await sendAndWait(sender, { doing: `ending the claim on ${orderHash}`, to: bonds, data });
  return receipt.transactionHash;
}
