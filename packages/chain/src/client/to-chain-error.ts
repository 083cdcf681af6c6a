import {
  BaseError,
  BlockNotFoundError,
  ContractFunctionRevertedError,
  ContractFunctionZeroDataError,
  decodeErrorResult,
  ExecutionRevertedError,
  FeeCapTooLowError,
  type Hex,
  HttpRequestError,
  InsufficientFundsError,
  InternalRpcError,
  LimitExceededRpcError,
  NonceTooLowError,
  ResourceUnavailableRpcError,
  RpcRequestError,
  TimeoutError,
  TransactionRejectedRpcError,
} from "viem";
import { entryPoint08Abi } from "viem/account-abstraction";
import { StoaError } from "@stoa/protocol";
import { accessManagerAbi } from "../generated/access-manager.ts";
import { channelsAbi } from "../generated/channels.ts";
import { claimBatchesAbi } from "../generated/claim-batches.ts";
import { courtAbi } from "../generated/court.ts";
import { credentialStatusAbi } from "../generated/credential-status.ts";
import { depositsAbi } from "../generated/deposits.ts";
import { emissionAbi } from "../generated/emission.ts";
import { entitlementsAbi } from "../generated/entitlements.ts";
import { escrowAbi } from "../generated/escrow.ts";
import { evidenceAbi } from "../generated/evidence.ts";
import { identityRegistryAbi } from "../generated/identity-registry.ts";
import { nodesAbi } from "../generated/nodes.ts";
import { operatorBondsAbi } from "../generated/operator-bonds.ts";
import { reputationRegistryAbi } from "../generated/reputation-registry.ts";
import { roundAnchorsAbi } from "../generated/round-anchors.ts";
import { sealedAuctionAbi } from "../generated/sealed-auction.ts";
import { settledFeedbackAbi } from "../generated/settled-feedback.ts";
import { sponsorPaymasterAbi } from "../generated/sponsor-paymaster.ts";
import { stoaTokenAbi } from "../generated/stoa-token.ts";
import { testDollarAbi } from "../generated/test-dollar.ts";
import { timelockAbi } from "../generated/timelock.ts";
import { validationRegistryAbi } from "../generated/validation-registry.ts";
import { vaultAbi } from "../generated/vault.ts";

const AWAY = [
  // A node behind a balancer that has not heard of the block yet.
  BlockNotFoundError,
  HttpRequestError,
  TimeoutError,
  InternalRpcError,
  LimitExceededRpcError,
  ResourceUnavailableRpcError,
] as const;
const REJECTED = [
  ExecutionRevertedError,
  ContractFunctionZeroDataError,
  InsufficientFundsError,
  NonceTooLowError,
  FeeCapTooLowError,
  TransactionRejectedRpcError,
] as const;

/** Whose errors are known by name. */
const CONTRACTS = [
  vaultAbi,
  claimBatchesAbi,
  evidenceAbi,
  nodesAbi,
  operatorBondsAbi,
  depositsAbi,
  testDollarAbi,
  roundAnchorsAbi,
  stoaTokenAbi,
  emissionAbi,
  accessManagerAbi,
  timelockAbi,
  identityRegistryAbi,
  reputationRegistryAbi,
  validationRegistryAbi,
  settledFeedbackAbi,
  credentialStatusAbi,
  entitlementsAbi,
  escrowAbi,
  courtAbi,
  channelsAbi,
  sealedAuctionAbi,
  sponsorPaymasterAbi,
  entryPoint08Abi,
] as const;

/**
 * Tells apart a chain that is away (`chain_unavailable`, worth retrying) from one that refuses (`chain_rejected`,
 * with the contract's own reason), and both from a fault of ours.
 * @param doing what was tried, as in "depositing 5 tUSD"
 */
export function toChainError(cause: unknown, doing: string): StoaError {
  if (cause instanceof StoaError) return cause;
  if (!(cause instanceof BaseError)) return new StoaError("internal", `${doing}: ${String(cause)}`, { cause });
  const reverted = cause.walk((error) => error instanceof ContractFunctionRevertedError);
  const data = revertDataOf(cause);
  const reason = data === null ? null : describeRevert(data);
  if (reason !== null)
    return new StoaError("chain_rejected", `${doing}: ${reason.text}`, { cause, details: { error: reason.name } });
  if (reverted || finds(cause, REJECTED))
    return new StoaError("chain_rejected", `${doing}: ${cause.shortMessage}`, { cause });
  if (finds(cause, AWAY)) return new StoaError("chain_unavailable", `${doing}: ${cause.shortMessage}`, { cause });
  return new StoaError("internal", `${doing}: ${cause.shortMessage}`, { cause });
}

type ErrorClass = abstract new (...given: never[]) => Error;

function finds(cause: BaseError, kinds: readonly ErrorClass[]): boolean {
  return cause.walk((error) => kinds.some((kind) => error instanceof kind)) !== null;
}

function revertDataOf(cause: BaseError): Hex | null {
  const found = cause.walk((error) => dataOf(error) !== null);
  return found === null ? null : dataOf(found);
}

function dataOf(error: unknown): Hex | null {
  if (error instanceof ContractFunctionRevertedError) return error.raw ?? null;
  if (!(error instanceof RpcRequestError)) return null;
  return typeof error.data === "string" && /^0x[0-9a-f]{8,}$/i.test(error.data) ? (error.data as Hex) : null;
}

/**
 * A contract's revert data in words, such as `WrongCharge(1020000, 1020001)`; null when no contract of ours gives it.
 */
export function describeRevert(data: Hex): { name: string; text: string } | null {
  for (const abi of CONTRACTS) {
    try {
      const { errorName, args } = decodeErrorResult({ abi, data });
      const values = (args ?? []) as readonly unknown[];
      return { name: errorName, text: `${errorName}(${values.map(String).join(", ")})` };
    } catch (error) {
      // Another contract may know it.
      if (!(error instanceof BaseError)) throw error;
    }
  }
  return null;
}
