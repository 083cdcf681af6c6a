import type { Address } from "@stoa/protocol";
import type { Hex } from "viem";
import type { Chain } from "../client/connect-chain.ts";
import { toChainError } from "../client/to-chain-error.ts";

/** The code at an address; undefined where there is none. */
export async function codeAt(chain: Chain, address: Address): Promise<Hex | undefined> {
  try {
    return await chain.client.getCode({ address });
  } catch (cause) {
    throw toChainError(cause, `looking for the code at ${address}`);
  }
}
