import { encodeFunctionData } from "viem";
import type { Hash } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { operatorBondsAbi } from "../generated/operator-bonds.ts";
import { type Bond, nodeOfBond } from "./bond-of.ts";

/**
 * Sends the operator what of a bond has waited its delay; anyone may.
 * @throws {StoaError} `chain_rejected` when nothing leaves, or it is too early
 */
export async function completeBondWithdrawal(sender: ChainSender, bond: Bond): Promise<Hash> {
  const data = encodeFunctionData({
    abi: operatorBondsAbi,
    functionName: "completeWithdrawal",
    args: [nodeOfBond(bond), bond.token],
  });
  const receipt = await sendAndWait(sender, { doing: "taking a bond back", to: bond.bonds, data });
  return receipt.transactionHash;
}
