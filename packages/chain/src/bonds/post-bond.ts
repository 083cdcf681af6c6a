import { encodeFunctionData } from "viem";
import type { Hash } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { operatorBondsAbi } from "../generated/operator-bonds.ts";
import { approve } from "../token/approve.ts";
import { type Bond, nodeOfBond } from "./bond-of.ts";

/**
 * Adds to a market operator's bond from the sender's wallet. Only the operator ever gets it back.
 * @param bond.node the one node it stands for; null for a bond that stands for all of them
 * @returns the transaction, in a block
 */
export async function postBond(sender: ChainSender, bond: Bond & { amount: bigint }): Promise<Hash> {
  const { bonds, token, amount } = bond;
  await approve(sender, { token, spender: bonds, amount });
  const data = encodeFunctionData({
    abi: operatorBondsAbi,
    functionName: "post",
    args: [nodeOfBond(bond), token, amount],
  });
  const receipt = await sendAndWait(sender, { doing: `posting a bond of ${amount}`, to: bonds, data });
  return receipt.transactionHash;
}
