import { decodeEventLog, type Hex } from "viem";
import { describeRevert } from "../client/to-chain-error.ts";
import { vaultAbi } from "../generated/vault.ts";
import { toMs, withoutSeconds } from "./log-times.ts";
import type { VaultFact } from "./vault-record.ts";

const reasonOf = (data: Hex) => describeRevert(data)?.text ?? data;

/** Reads one log of a vault; null for an event that says nothing about money or orders. */
export function decodeVaultLog(log: { data: Hex; topics: [] | [Hex, ...Hex[]] }): VaultFact | null {
  const { eventName, args } = decodeEventLog({ abi: vaultAbi, data: log.data, topics: log.topics });
  switch (eventName) {
    case "Deposited":
      return { type: "deposited", ...args };
    case "WithdrawalRequested":
      return { type: "withdrawal_requested", ...withoutSeconds(args, "unlockAt"), unlocksAt: toMs(args.unlockAt) };
    case "WithdrawalCancelled":
      return { type: "withdrawal_cancelled", ...args };
    case "WithdrawalCompleted":
      return { type: "withdrawal_completed", ...args };
    case "WithdrawalReduced":
      return { type: "withdrawal_reduced", ...args };
    case "Claimed":
      return { type: "claimed", ...args, payableAt: toMs(args.payableAt) };
    case "Challenged":
      return { type: "challenged", ...args };
    case "Ruled":
      return { type: "ruled", ...args };
    case "ClaimReleased":
      return { type: "claim_released", ...args };
    case "Settled":
      return { type: "settled", ...args };
    case "AcceptedSettled":
    case "ClaimSettled":
      return { type: "settled", ...args, fee: null };
    case "SettlementSkipped":
      return { type: "settlement_skipped", ...args, reason: reasonOf(args.reason) };
    case "ClaimSkipped":
      return { type: "claim_skipped", ...args, reason: reasonOf(args.reason) };
    case "OrderCancelled":
      return { type: "order_cancelled", ...args, effectiveAt: toMs(args.effectiveAt) };
    case "SessionRevoked":
      return { type: "session_revoked", ...args, effectiveAt: toMs(args.effectiveAt) };
    case "AuthorityUpdated":
    case "Paused":
    case "Unpaused":
    case "EIP712DomainChanged":
      return null;
  }
}
