import { encodeFunctionData, erc20Abi } from "viem";
import type { Address } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { readContract } from "../client/read-contract.ts";
import { sendAndWait } from "../client/send-and-wait.ts";

/** Lets `spender` take exactly `amount` from the sender's wallet, unless it may already. */
export async function approve(
  sender: ChainSender,
  { token, spender, amount }: { token: Address; spender: Address; amount: bigint },
): Promise<void> {
  const args = [sender.address, spender] as const;
  const allowed = await readContract(sender.chain, { address: token, abi: erc20Abi, functionName: "allowance", args });
  if (allowed >= amount) return;
  const data = encodeFunctionData({ abi: erc20Abi, functionName: "approve", args: [spender, amount] });
  await sendAndWait(sender, { doing: `approving ${amount} of ${token}`, to: token, data });
}
