import { encodeFunctionData, parseSignature } from "viem";
import type { Address, Hash } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { channelsAbi } from "../generated/channels.ts";
import type { DepositAuthorization } from "../vault/sign-deposit.ts";
import { type ChannelTerms, toTermsTuple } from "./channel-terms.ts";

/**
 * Opens a channel by its payer's signature; the sender pays the gas. The payer signs with {@link signDeposit} for the
 * contract of channels, under the channel's id as the nonce: so the signature holds for these terms alone.
 * @throws {StoaError} `chain_rejected` when the signature is for other terms, or the wallet holds too little
 */
export async function openChannelWithAuthorization(
  sender: ChainSender,
  channels: Address,
  { terms, authorization }: { terms: ChannelTerms; authorization: DepositAuthorization },
): Promise<Hash> {
  const { amount, validAfter, validBefore, signature } = authorization;
  const { r, s, yParity } = parseSignature(signature);
  const data = encodeFunctionData({
    abi: channelsAbi,
    functionName: "openWithAuthorization",
    args: [toTermsTuple(terms), amount, validAfter, validBefore, yParity + 27, r, s],
  });
  await sendAndWait(sender, { doing: `opening a channel by ${terms.payer}'s word`, to: channels, data });
  return authorization.nonce;
}
