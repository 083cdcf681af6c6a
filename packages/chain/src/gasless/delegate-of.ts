import type { Address } from "@stoa/protocol";
import { concat, getAddress, type Hex, isHex, size, slice } from "viem";

const PREFIX = "0xef0100";

/** Whose code a wallet runs (EIP-7702); null when its code says nothing of that. */
export function delegateOf(code: Hex | undefined): Address | null {
  if (!isHex(code) || size(code) !== 23 || slice(code, 0, 3) !== PREFIX) return null;
  return getAddress(slice(code, 3));
}

/** The code that a wallet has once its delegation is in force. */
export function delegationCode(delegate: Address): Hex {
  return concat([PREFIX, delegate]);
}
