import { encodeFunctionData } from "viem";
import type { Address, Hash } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { operatorBondsAbi } from "../generated/operator-bonds.ts";

/**
 * Credits a node's payout and its agent's creator what a claim on the bond owes them, to be fetched with `withdrawDue`.
 * Anyone may send it.
 * @throws {StoaError} `chain_rejected` too early, and for what the vault has decided
 */
export async function payBondClaim(
  sender: ChainSender,
  { bonds, orderHash }: { bonds: Address; orderHash: Hash },
): Promise<Hash> {
  const data = encodeFunctionData({ abi: operatorBondsAbi, functionName: "pay", args: [orderHash] });
  const receipt = await sendAndWait(sender, { doing: `paying the claim on ${orderHash}`, to: bonds, data });
  return receipt.transactionHash;
}
