import { decodeAbiParameters, decodeFunctionData, encodeAbiParameters, encodeFunctionData, type Hex } from "viem";
import { walletDelegateAbi } from "../generated/wallet-delegate.ts";
import type { GaslessCall } from "./gasless-account.ts";

/** ERC-7821: a batch that happens whole or not at all, without further data. */
const BATCH_MODE: Hex = `0x01${"00".repeat(31)}`;
const CALLS = [
  {
    type: "tuple[]",
    components: [
      { name: "to", type: "address" },
      { name: "value", type: "uint256" },
      { name: "data", type: "bytes" },
    ],
  },
] as const;

/** What an account executes: all of the calls in their order, or none. */
export function encodeCalls(calls: readonly GaslessCall[]): Hex {
  const batch = calls.map(({ to, value = 0n, data = "0x" }) => ({ to, value, data }));
  const args = [BATCH_MODE, encodeAbiParameters(CALLS, [batch])] as const;
  return encodeFunctionData({ abi: walletDelegateAbi, functionName: "execute", args });
}

/** The calls of what {@link encodeCalls} wrote; null when it is something else. */
export function decodeCalls(callData: Hex): GaslessCall[] | null {
  try {
    const { functionName, args } = decodeFunctionData({ abi: walletDelegateAbi, data: callData });
    if (functionName !== "execute") return null;
    const [mode, data] = args;
    return mode === BATCH_MODE ? [...decodeAbiParameters(CALLS, data)[0]] : null;
  } catch {
    // Whoever asks decides by the calls: what cannot be read has none.
    return null;
  }
}
