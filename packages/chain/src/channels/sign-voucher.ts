import { type Address, type Hash, type Signature, type Signer, signTyped, type Voucher } from "@stoa/protocol";

/** A voucher with its signature: all a payee needs to be paid. */
export interface SignedVoucher extends Voucher {
  signature: Signature;
}

/**
 * Signs that a channel's payee may have `amount` of it in all, earlier vouchers included.
 * @example
 * const voucher = await signVoucher(key, { chainId, channels }, { channelId, amount: paidSoFar + price });
 */
export async function signVoucher(
  signer: Signer,
  { chainId, channels }: { chainId: number; channels: Address },
  voucher: { channelId: Hash; amount: bigint },
): Promise<SignedVoucher> {
  const signature = await signTyped(signer, { chainId, vault: channels }, "Voucher", voucher);
  return { ...voucher, signature };
}
