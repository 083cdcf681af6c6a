import { encodeFunctionData } from "viem";
import type { Address, Hash } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { operatorBondsAbi } from "../generated/operator-bonds.ts";
import { approve } from "../token/approve.ts";

/**
 * Disputes a claim on the bond: for the order's requester and the operator, before it is payable.
 * @param given.stake at least the vault's bond of a challenge on what is locked; the contract takes what it needs
 * @throws {StoaError} `chain_rejected` for anybody else, or too late
 */
export async function disputeBondClaim(
  sender: ChainSender,
  { bonds, token, orderHash, stake }: { bonds: Address; token: Address; orderHash: Hash; stake: bigint },
): Promise<Hash> {
  await approve(sender, { token, spender: bonds, amount: stake });
  const data = encodeFunctionData({ abi: operatorBondsAbi, functionName: "dispute", args: [orderHash] });
  const receipt = await sendAndWait(sender, { doing: `disputing the claim on ${orderHash}`, to: bonds, data });
  return receipt.transactionHash;
}
