import { encodeFunctionData, parseSignature } from "viem";
import type { Address, Hash } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { depositsAbi } from "../generated/deposits.ts";
import type { DepositPermit } from "./sign-permit.ts";

/**
 * Submits an owner's permit as its deposit; the sender pays the gas, the owner the amount.
 * @throws {StoaError} `chain_rejected` when the permit, its deadline or the wallet's balance do not allow it
 * @example
 * const permit = await signPermit(chain, wallet, { deposits, token, amount, deadline });
 * await depositWithPermit(sender, deposits, permit);
 */
export async function depositWithPermit(
  sender: ChainSender,
  deposits: Address,
  { owner, token, amount, deadline, signature }: DepositPermit,
): Promise<Hash> {
  const { r, s, yParity } = parseSignature(signature);
  const data = encodeFunctionData({
    abi: depositsAbi,
    functionName: "depositWithPermit",
    args: [owner, token, amount, deadline, yParity + 27, r, s],
  });
  const receipt = await sendAndWait(sender, { doing: `depositing ${amount} by ${owner}'s permit`, to: deposits, data });
  return receipt.transactionHash;
}
