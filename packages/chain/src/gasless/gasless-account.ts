import type { Hex } from "viem";
import type { entryPoint08Abi, SmartAccount, SmartAccountImplementation } from "viem/account-abstraction";

/** An account whose operations the EntryPoint v0.8 executes: a delegated wallet, or an owned account. */
export type GaslessAccount = SmartAccount<SmartAccountImplementation<typeof entryPoint08Abi, "0.8">>;

/** One call of an operation. */
export interface GaslessCall {
  to: Hex;
  data?: Hex | undefined;
  /** In wei, of the account's own. */
  value?: bigint | undefined;
}

/** As long as a key's signature and as dear to check; nobody's. */
export const STUB_SIGNATURE: Hex = `0x${"f".repeat(31)}${"0".repeat(33)}7${"a".repeat(63)}1c`;
