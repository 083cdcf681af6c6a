import { encodeFunctionData, parseSignature } from "viem";
import type { Address, Hash } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { vaultAbi } from "../generated/vault.ts";
import type { DepositAuthorization } from "./sign-deposit.ts";

/**
 * Submits an owner's signed deposit; the sender pays the gas, the owner the amount.
 * @throws {StoaError} `chain_rejected` when the signature, its times, its nonce or the wallet's balance do not allow it
 */
export async function depositWithAuthorization(
  sender: ChainSender,
  vault: Address,
  { owner, token, amount, validAfter, validBefore, nonce, signature }: DepositAuthorization,
): Promise<Hash> {
  const { r, s, yParity } = parseSignature(signature);
  const data = encodeFunctionData({
    abi: vaultAbi,
    functionName: "depositWithAuthorization",
    args: [owner, token, amount, validAfter, validBefore, nonce, yParity + 27, r, s],
  });
  const receipt = await sendAndWait(sender, { doing: `depositing ${amount} by ${owner}'s word`, to: vault, data });
  return receipt.transactionHash;
}
