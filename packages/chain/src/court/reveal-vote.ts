import { encodeFunctionData } from "viem";
import type { Address, Hash } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { courtAbi } from "../generated/court.ts";
import { type Choice, sideNumber } from "./sides.ts";

/** Opens a commitment, the sender's by default; takes what it was made of. */
export async function revealVote(
  sender: ChainSender,
  {
    court,
    disputeId,
    choice,
    salt,
    voter = sender.address,
  }: { court: Address; disputeId: bigint; choice: Choice; salt: Hash; voter?: Address },
): Promise<Hash> {
  const data = encodeFunctionData({
    abi: courtAbi,
    functionName: "revealVote",
    args: [disputeId, voter, sideNumber(choice), salt],
  });
  const receipt = await sendAndWait(sender, { doing: `revealing a vote in dispute ${disputeId}`, to: court, data });
  return receipt.transactionHash;
}
