import type { Address } from "@stoa/protocol";
import type { Hex } from "viem";
import type { Operation } from "./operation.ts";

/** What a paymaster's part of an operation is. */
export interface SponsoredFields {
  paymaster: Address;
  paymasterData: Hex;
  paymasterVerificationGasLimit: bigint;
  paymasterPostOpGasLimit: bigint;
}

/** Whoever pays for operations: of this process, or a service behind ERC-7677's two methods. */
export interface Sponsor {
  /** What an operation is estimated with: as long and as dear to check as what {@link sponsor} gives. */
  stub(operation: Operation): Promise<Pick<SponsoredFields, "paymaster" | "paymasterData">>;
  /**
   * @param operation with all its gas, and nothing to be changed but its signatures
   * @throws {StoaError} `forbidden` for what it does not pay for, `budget_exhausted`
   */
  sponsor(operation: Operation): Promise<SponsoredFields>;
}
