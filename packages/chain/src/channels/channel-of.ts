import { type Address, type Hash, StoaError } from "@stoa/protocol";
import type { Chain } from "../client/connect-chain.ts";
import { readContract } from "../client/read-contract.ts";
import { channelsAbi } from "../generated/channels.ts";
import type { ChannelTerms } from "./channel-terms.ts";

export type ChannelState = "open" | "closing" | "closed";

/** A channel as it stands on chain. */
export interface PaymentChannel extends Omit<ChannelTerms, "salt"> {
  channelId: Hash;
  state: ChannelState;
  /** Epoch milliseconds from which a closing channel can be closed; null until its payer asks. */
  closesAt: number | null;
  /** All that was ever paid in. */
  funds: bigint;
  /** What of it the payee has had. */
  redeemed: bigint;
}

const STATES = [undefined, "open", "closing", "closed"] as const satisfies readonly (ChannelState | undefined)[];
const toMs = (seconds: bigint) => (seconds === 0n ? null : Number(seconds) * 1_000);

/**
 * Reads a channel.
 * @throws {StoaError} `not_found` when it was never opened
 */
export async function channelOf(chain: Chain, channels: Address, channelId: Hash): Promise<PaymentChannel> {
  const found = await readContract(chain, {
    address: channels,
    abi: channelsAbi,
    functionName: "channelOf",
    args: [channelId],
  });
  const state = STATES[found.state];
  if (state === undefined) throw new StoaError("not_found", `${channels} has no channel ${channelId}`);
  const { payer, payee, token, signer, funds, redeemed } = found;
  return {
    channelId,
    state,
    payer,
    payee,
    token,
    signer,
    funds,
    redeemed,
    closeDelaySeconds: Number(found.closeDelay),
    expiresAt: toMs(found.expiresAt),
    closesAt: toMs(found.closesAt),
  };
}
