import { formatAmount, StoaError } from "@stoa/protocol";
import { parseEther } from "viem";

const NATIVE_DECIMALS = 18;
/** An amount anybody has, with the decimals a coin has. */
const AMOUNT = /^\d{1,12}(\.\d{1,18})?$/;

/** An amount of a chain's own coin, whatever it is called there. */
export function native(wei: bigint): string {
  return `${formatAmount(wei, NATIVE_DECIMALS)} of the chain's coin`;
}

/** @throws {StoaError} `malformed_amount` */
export function parseNative(text: string): bigint {
  if (AMOUNT.test(text)) return parseEther(text);
  throw new StoaError("malformed_amount", `expected an amount of the chain's coin such as 0.5, got ${text}`);
}
