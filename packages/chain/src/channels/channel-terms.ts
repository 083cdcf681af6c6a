import type { ContractFunctionArgs } from "viem";
import type { Address, Hash } from "@stoa/protocol";
import type { channelsAbi } from "../generated/channels.ts";

/** What a channel is for good; its id is the hash of this. */
export interface ChannelTerms {
  payer: Address;
  payee: Address;
  token: Address;
  /** The key that signs vouchers: the payer's own, or one it gives a program. Never a contract. */
  signer: Address;
  /** How long the payee can still redeem after the payer asked to close; 15 minutes to 30 days. */
  closeDelaySeconds: number;
  /** Epoch milliseconds, of whole seconds, from which anyone may close the channel; null for never. */
  expiresAt: number | null;
  /** Tells channels of the same terms apart. */
  salt: Hash;
}

type TermsTuple = ContractFunctionArgs<typeof channelsAbi, "nonpayable", "open">[0];

/** Puts terms into the form the contract takes. */
export function toTermsTuple({ closeDelaySeconds, expiresAt, ...same }: ChannelTerms): TermsTuple {
  return { ...same, closeDelay: BigInt(closeDelaySeconds), expiresAt: BigInt((expiresAt ?? 0) / 1_000) };
}
