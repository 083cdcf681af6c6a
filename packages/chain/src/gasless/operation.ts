import type { Hex, SignedAuthorization } from "viem";
import { type PackedUserOperation, toPackedUserOperation, type UserOperation } from "viem/account-abstraction";

/** An ERC-4337 operation for the EntryPoint v0.8, whole or on its way to be. */
export type Operation = UserOperation<"0.8">;

/** What an operation costs at most, in wei: what the EntryPoint takes from its payer before it begins. */
export function highestCost(operation: Operation): bigint {
  const { verificationGasLimit, callGasLimit, preVerificationGas, maxFeePerGas } = operation;
  const paymaster = (operation.paymasterVerificationGasLimit ?? 0n) + (operation.paymasterPostOpGasLimit ?? 0n);
  return (verificationGasLimit + callGasLimit + preVerificationGas + paymaster) * maxFeePerGas;
}

/** As the contracts read it. */
export function pack(operation: Operation): PackedUserOperation {
  return toPackedUserOperation(operation);
}

/** Numbers as JSON-RPC writes them; what is absent stays absent. */
export function parseOperation(given: Record<string, unknown>): Operation {
  const numbers = [
    "nonce",
    "callGasLimit",
    "verificationGasLimit",
    "preVerificationGas",
    "maxFeePerGas",
    "maxPriorityFeePerGas",
    "paymasterVerificationGasLimit",
    "paymasterPostOpGasLimit",
  ];
  const { eip7702Auth, ...rest } = given;
  const parsed = Object.entries(rest).map(([name, value]) => [
    name,
    numbers.includes(name) && value !== undefined ? BigInt(value as string) : value,
  ]);
  const operation = Object.fromEntries(parsed) as Operation;
  return eip7702Auth ? { ...operation, authorization: toAuthorization(eip7702Auth as Record<string, Hex>) } : operation;
}

function toAuthorization({ address, chainId, nonce, r, s, yParity }: Record<string, Hex>): SignedAuthorization {
  return {
    address: address!,
    chainId: Number(chainId),
    nonce: Number(nonce),
    r: r!,
    s: s!,
    yParity: Number(yParity),
  };
}
