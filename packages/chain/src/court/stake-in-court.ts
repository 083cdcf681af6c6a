import { encodeFunctionData } from "viem";
import type { Address, Hash } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { courtAbi } from "../generated/court.ts";
import { approve } from "../token/approve.ts";

/**
 * Makes the sender an arbitrator, or a larger one: it is drawn in proportion to what it has free.
 * @throws {StoaError} `chain_rejected` while a draw is due, which anyone can make by {@link advanceDispute}
 */
export async function stakeInCourt(
  sender: ChainSender,
  { court, token, amount }: { court: Address; token: Address; amount: bigint },
): Promise<Hash> {
  await approve(sender, { token, spender: court, amount });
  const data = encodeFunctionData({ abi: courtAbi, functionName: "stake", args: [amount] });
  const receipt = await sendAndWait(sender, { doing: `staking ${amount} for arbitration`, to: court, data });
  return receipt.transactionHash;
}
