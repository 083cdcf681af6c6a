import type { Address } from "@stoa/protocol";
import { concat, type Hex, keccak256, numberToHex, pad, type TypedDataDefinition } from "viem";
import { type Operation, pack } from "./operation.ts";
import { STUB_SIGNATURE } from "./gasless-account.ts";

const TYPES = {
  Sponsorship: [
    { name: "account", type: "address" },
    { name: "accountCode", type: "bytes32" },
    { name: "nonce", type: "uint256" },
    { name: "initCode", type: "bytes" },
    { name: "callData", type: "bytes" },
    { name: "accountGasLimits", type: "bytes32" },
    { name: "preVerificationGas", type: "uint256" },
    { name: "gasFees", type: "bytes32" },
    { name: "paymasterGasLimits", type: "bytes32" },
    { name: "validAfter", type: "uint48" },
    { name: "validUntil", type: "uint48" },
  ],
} as const;

/** From when until when, in seconds since 1970. */
export interface SponsoredTimes {
  validAfter: number;
  validUntil: number;
}

/** What a sponsor signs: see `contracts/src/libraries/Sponsorships.sol`. */
export function sponsorshipTypedData(
  chainId: number,
  paymaster: Address,
  operation: Operation,
  { code, validAfter, validUntil }: SponsoredTimes & { code: Hex },
): TypedDataDefinition<typeof TYPES, "Sponsorship"> {
  const { sender, nonce, callData, preVerificationGas } = operation;
  const { initCode, accountGasLimits, gasFees } = pack(operation);
  const { paymasterVerificationGasLimit = 0n, paymasterPostOpGasLimit = 0n } = operation;
  const limits = [paymasterVerificationGasLimit, paymasterPostOpGasLimit];
  return {
    domain: { name: "Stoa", version: "1", chainId, verifyingContract: paymaster },
    types: TYPES,
    primaryType: "Sponsorship",
    message: {
      account: sender,
      accountCode: keccak256(code),
      nonce,
      initCode,
      callData,
      accountGasLimits,
      preVerificationGas,
      gasFees,
      paymasterGasLimits: concat(limits.map((limit) => pad(numberToHex(limit), { size: 16 }))),
      validAfter,
      validUntil,
    },
  };
}

/** What the paymaster reads behind its address and gas limits. */
export function sponsorshipData({ validAfter, validUntil }: SponsoredTimes, signature: Hex = STUB_SIGNATURE): Hex {
  return concat([numberToHex(validAfter, { size: 6 }), numberToHex(validUntil, { size: 6 }), signature]);
}
