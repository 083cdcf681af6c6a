import { type Address, type Hash, requireSigner, StoaError } from "@stoa/protocol";
import { isAddressEqual } from "viem";
import type { PaymentChannel } from "./channel-of.ts";
import type { SignedVoucher } from "./sign-voucher.ts";

/** What a payee knows of its channels: it takes a voucher only when the contract will pay it. */
export interface VoucherBook {
  /**
   * Takes note of a channel as it stood on chain at `seenAt`. A channel must be looked at again at least as often as
   * half its delay, or its vouchers are refused: its payer may have asked to close it meanwhile.
   * @throws {StoaError} `invalid_request` when it pays somebody else
   */
  follow(channel: PaymentChannel, seenAt: number): void;
  /**
   * Takes a voucher that pays `price` more than the newest before it, and keeps it. Of several at once, each must pay
   * on top of those taken before.
   * @throws {StoaError} `voucher_refused` when it pays too little, or not surely; `wrong_signature`; `not_found`
   */
  accept(voucher: SignedVoucher, price: bigint): Promise<void>;
  /** The newest voucher of a channel, to redeem or close with; null when there is none. */
  newest(channelId: Hash): SignedVoucher | null;
  /** What the channel's vouchers have paid so far, redeemed or not. */
  paid(channelId: Hash): bigint;
}

export interface VoucherBookOptions {
  chainId: number;
  channels: Address;
  payee: Address;
  /** How long before a channel can be closed its vouchers are refused, so that there is time to redeem. */
  marginMs?: number;
  now?: () => number;
}

interface Entry {
  channel: PaymentChannel;
  seenAt: number;
  newest: SignedVoucher | null;
}

/**
 * Opens an empty book. It keeps nothing on disk: who restarts begins from `redeemed` on chain and the vouchers it kept.
 * @example
 * const book = createVoucherBook({ chainId, channels, payee });
 * book.follow(await channelOf(chain, channels, channelId), Date.now());
 * await book.accept(voucher, price); // then do the work
 */
export function createVoucherBook(options: VoucherBookOptions): VoucherBook {
  const { chainId, channels, payee, marginMs = 60_000, now = Date.now } = options;
  const domain = { chainId, vault: channels };
  const entries = new Map<Hash, Entry>();
  return {
    follow(channel, seenAt) {
      if (!isAddressEqual(channel.payee, payee))
        throw new StoaError("invalid_request", `channel ${channel.channelId} pays ${channel.payee}, not ${payee}`);
      const before = entries.get(channel.channelId);
      if (before && before.seenAt > seenAt) return;
      entries.set(channel.channelId, { channel, seenAt, newest: before?.newest ?? null });
    },
    async accept({ channelId, amount, signature }, price) {
      const { signer } = entryOf(entries, channelId).channel;
      requirePayment(entryOf(entries, channelId), { amount, price, at: now(), marginMs });
      await requireSigner(domain, "Voucher", { channelId, amount }, signature, signer);
      // Another voucher may have been taken while this one's signature was checked.
      const entry = entryOf(entries, channelId);
      requirePayment(entry, { amount, price, at: now(), marginMs });
      entry.newest = { channelId, amount, signature };
    },
    newest: (channelId) => entries.get(channelId)?.newest ?? null,
    paid: (channelId) => paidBy(entryOf(entries, channelId)),
  };
}

function entryOf(entries: ReadonlyMap<Hash, Entry>, channelId: Hash): Entry {
  const entry = entries.get(channelId);
  if (!entry) throw new StoaError("not_found", `nobody follows channel ${channelId}`);
  return entry;
}

function paidBy({ channel, newest }: Entry): bigint {
  return newest && newest.amount > channel.redeemed ? newest.amount : channel.redeemed;
}

function requirePayment(
  entry: Entry,
  { amount, price, at, marginMs }: { amount: bigint; price: bigint; at: number; marginMs: number },
): void {
  const { channel, seenAt } = entry;
  const refuse = (why: string) => {
    throw new StoaError("voucher_refused", `channel ${channel.channelId} ${why}`);
  };
  if (channel.state === "closed") refuse("is closed");
  const endsAt = Math.min(channel.closesAt ?? Infinity, channel.expiresAt ?? Infinity);
  if (at >= endsAt - marginMs) refuse(`can be closed from ${new Date(endsAt).toISOString()}`);
  const staleAt = seenAt + channel.closeDelaySeconds * 500;
  if (at >= staleAt) refuse(`was last looked at ${new Date(seenAt).toISOString()}; it may be closing`);
  const least = paidBy(entry) + (price > 0n ? price : 1n);
  if (amount < least) refuse(`needs a voucher of at least ${least}, got one of ${amount}`);
  if (amount > channel.funds) refuse(`holds ${channel.funds}, the voucher is for ${amount}`);
}
