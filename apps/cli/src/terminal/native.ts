import { formatAmount } from "@stoa/protocol";

const NATIVE_DECIMALS = 18;

/** An amount of a chain's own coin, whatever it is called there. */
export function native(wei: bigint): string {
  return `${formatAmount(wei, NATIVE_DECIMALS)} of the chain's coin`;
}
