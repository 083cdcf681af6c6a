import { encodeFunctionData } from "viem";
import type { Address, Hash } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { testDollarAbi } from "../generated/test-dollar.ts";

/** Mints test dollars to a wallet; a real token refuses with `chain_rejected`. */
export async function mintTestDollars(
  sender: ChainSender,
  { token, to, amount }: { token: Address; to: Address; amount: bigint },
): Promise<Hash> {
  const data = encodeFunctionData({ abi: testDollarAbi, functionName: "mint", args: [to, amount] });
  const receipt = await sendAndWait(sender, { doing: `minting ${amount} to ${to}`, to: token, data });
  return receipt.transactionHash;
}
