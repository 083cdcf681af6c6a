import { StoaError } from "@stoa/protocol";
import type { Hex } from "viem";
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

const ADDRESS = /^0x[0-9a-f]{40}$/i;
const BYTES = /^0x([0-9a-f]{2})*$/i;
const WORD = /^0x[0-9a-f]{64}$/i;
const NUMBER = /^0x[0-9a-f]{1,64}$/i;
const GAS = /^0x[0-9a-f]{1,32}$/i;

/** How JSON-RPC writes the parts of an operation; what is a number becomes one. */
const PARTS: Readonly<Record<string, RegExp>> = {
  sender: ADDRESS,
  nonce: NUMBER,
  factory: /^0x(7702|[0-9a-f]{40})$/i,
  factoryData: BYTES,
  callData: BYTES,
  callGasLimit: GAS,
  verificationGasLimit: GAS,
  preVerificationGas: GAS,
  maxFeePerGas: GAS,
  maxPriorityFeePerGas: GAS,
  paymaster: ADDRESS,
  paymasterVerificationGasLimit: GAS,
  paymasterPostOpGasLimit: GAS,
  paymasterData: BYTES,
  signature: BYTES,
};
/** What one has for sure; in a stub the gas may be absent. */
const NEEDED = ["sender", "nonce", "callData", "maxFeePerGas", "maxPriorityFeePerGas"];
const LIMITS = ["callGasLimit", "verificationGasLimit", "preVerificationGas"];
const DELEGATION: Readonly<Record<string, RegExp>> = {
  address: ADDRESS,
  chainId: GAS,
  nonce: GAS,
  r: WORD,
  s: WORD,
  yParity: /^0x0?[01]$/,
};

/**
 * Reads an operation as JSON-RPC writes it; whatever else stands there is left out.
 * @throws {StoaError} `invalid_request` naming the part
 */
export function parseOperation(given: unknown): Operation {
  const parts = partsOf(given, PARTS, NEEDED);
  const { eip7702Auth } = given as Record<string, unknown>;
  const read = Object.entries(parts).map(([name, value]) => [name, isNumber(name) ? BigInt(value) : value]);
  const absent = LIMITS.filter((name) => !(name in parts)).map((name) => [name, 0n]);
  const operation = { signature: "0x", ...Object.fromEntries([...absent, ...read]) } as Operation;
  if (eip7702Auth === undefined || eip7702Auth === null) return operation;
  const { address, chainId, nonce, r, s, yParity } = partsOf(eip7702Auth, DELEGATION, Object.keys(DELEGATION));
  const authorization = {
    address: address!,
    chainId: Number(chainId),
    nonce: Number(nonce),
    r: r!,
    s: s!,
    yParity: Number(yParity),
  };
  return { ...operation, authorization };
}

function isNumber(name: string): boolean {
  return PARTS[name] === NUMBER || PARTS[name] === GAS;
}

function partsOf(
  given: unknown,
  forms: Readonly<Record<string, RegExp>>,
  needed: readonly string[],
): Record<string, Hex> {
  if (typeof given !== "object" || given === null) throw malformed("is none", given);
  const values = given as Record<string, unknown>;
  const parts: Record<string, Hex> = {};
  for (const [name, form] of Object.entries(forms)) {
    const value = values[name];
    if (value === undefined || value === null) {
      if (needed.includes(name)) throw malformed(`has no ${name}`, value);
      continue;
    }
    if (typeof value !== "string" || !form.test(value)) throw malformed(`has a malformed ${name}`, value);
    parts[name] = value as Hex;
  }
  return parts;
}

function malformed(fault: string, value: unknown): StoaError {
  const shown = JSON.stringify(value)?.slice(0, 80);
  return new StoaError("invalid_request", `the operation ${fault}${shown === undefined ? "" : `: ${shown}`}`);
}
