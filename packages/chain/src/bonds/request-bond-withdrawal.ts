import { encodeFunctionData } from "viem";
import type { Hash } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { operatorBondsAbi } from "../generated/operator-bonds.ts";
import { type Bond, nodeOfBond } from "./bond-of.ts";

/**
 * Starts taking a bond back; it pays for shortfalls until it has left. For the operator.
 * @throws {StoaError} `chain_rejected` when the bond is smaller, or the sender is not the operator
 */
export async function requestBondWithdrawal(sender: ChainSender, bond: Bond & { amount: bigint }): Promise<Hash> {
  const { bonds, token, amount } = bond;
  const data = encodeFunctionData({
    abi: operatorBondsAbi,
    functionName: "requestWithdrawal",
    args: [nodeOfBond(bond), token, amount],
  });
  const receipt = await sendAndWait(sender, { doing: `asking back ${amount} of a bond`, to: bonds, data });
  return receipt.transactionHash;
}
