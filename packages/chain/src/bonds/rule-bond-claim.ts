import { encodeFunctionData } from "viem";
import type { Address, Hash } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { operatorBondsAbi } from "../generated/operator-bonds.ts";

/** Rules on a disputed claim on the bond: for the vault's arbiter. */
export async function ruleBondClaim(
  sender: ChainSender,
  { bonds, orderHash, pay }: { bonds: Address; orderHash: Hash; pay: boolean },
): Promise<Hash> {
  const data = encodeFunctionData({ abi: operatorBondsAbi, functionName: "rule", args: [orderHash, pay] });
  const receipt = await sendAndWait(sender, { doing: `ruling on the claim on ${orderHash}`, to: bonds, data });
  return receipt.transactionHash;
}
