import { encodeFunctionData } from "viem";
import type { Address, Hash } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { courtAbi } from "../generated/court.ts";

/** Gives an arbitrator, the sender by default, its stake of a round back, with what it earned or less what it lost. */
export async function collectSeats(
  sender: ChainSender,
  {
    court,
    disputeId,
    round,
    arbitrator = sender.address,
  }: { court: Address; disputeId: bigint; round: number; arbitrator?: Address },
): Promise<Hash> {
  const data = encodeFunctionData({
    abi: courtAbi,
    functionName: "collect",
    args: [disputeId, BigInt(round), arbitrator],
  });
  const receipt = await sendAndWait(sender, {
    doing: `collecting the seats of ${arbitrator} in dispute ${disputeId}`,
    to: court,
    data,
  });
  return receipt.transactionHash;
}
