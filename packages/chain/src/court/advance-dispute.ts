import { encodeFunctionData } from "viem";
import type { Address, Hash } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { courtAbi } from "../generated/court.ts";
import { disputeOf } from "./dispute-of.ts";

/**
 * Takes the step a dispute waits for, which is anyone's to take: the end of a window, or the next draw. Draws are made
 * in the order they were asked for, so a draw can be another dispute's: call it until the dispute is out of its phase.
 * @throws {StoaError} `chain_rejected` when no step is due yet
 */
export async function advanceDispute(
  sender: ChainSender,
  { court, disputeId }: { court: Address; disputeId: bigint },
): Promise<Hash> {
  const { phase } = await disputeOf(sender.chain, court, disputeId);
  const data =
    phase === "drawing"
      ? encodeFunctionData({ abi: courtAbi, functionName: "draw", args: [] })
      : encodeFunctionData({ abi: courtAbi, functionName: "advance", args: [disputeId] });
  const receipt = await sendAndWait(sender, { doing: `advancing dispute ${disputeId}`, to: court, data });
  return receipt.transactionHash;
}
