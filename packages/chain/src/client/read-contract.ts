import type { Abi, ContractFunctionArgs, ContractFunctionName, ContractFunctionReturnType } from "viem";
import type { Address } from "@stoa/protocol";
import type { Chain } from "./connect-chain.ts";
import { toChainError } from "./to-chain-error.ts";

/** The state that is read: the newest block's unless it is said. */
type At = { blockTag?: "latest" | "pending"; blockNumber?: never } | { blockNumber: bigint; blockTag?: never };

/** Reads a contract's view, with the chain's faults as StoaErrors. */
export async function readContract<
  const Code extends Abi,
  Name extends ContractFunctionName<Code, "view" | "pure">,
  const Args extends ContractFunctionArgs<Code, "view" | "pure", Name>,
>(
  chain: Chain,
  call: { address: Address; abi: Code; functionName: Name; args: Args } & At,
): Promise<ContractFunctionReturnType<Code, "view" | "pure", Name, Args>> {
  try {
    return (await chain.client.readContract(call)) as ContractFunctionReturnType<Code, "view" | "pure", Name, Args>;
  } catch (cause) {
    throw toChainError(cause, `reading ${call.functionName} of ${call.address}`);
  }
}
