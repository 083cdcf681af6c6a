import { decodeEventLog, type Hex } from "viem";
import { nodesAbi } from "../generated/nodes.ts";
import { toMs, withoutSeconds } from "./log-times.ts";
import type { VaultFact } from "./vault-record.ts";

/** Reads one log of a vault's contract of stakes; null for an event that moves no stake. */
export function decodeNodesLog(log: { data: Hex; topics: [] | [Hex, ...Hex[]] }): VaultFact | null {
  const { eventName, args } = decodeEventLog({ abi: nodesAbi, data: log.data, topics: log.topics });
  switch (eventName) {
    case "Staked":
      return { type: "staked", ...args };
    case "UnstakeRequested":
      return { type: "unstake_requested", ...withoutSeconds(args, "unlockAt"), unlocksAt: toMs(args.unlockAt) };
    case "UnstakeCompleted":
      return { type: "unstake_completed", ...args };
    case "Slashed":
      return { type: "slashed", ...args };
    case "SlashedByRuling":
    case "SlashedForConflict": {
      const { provider, node, token, amount } = args;
      return { type: "stake_taken", provider, node, token, amount };
    }
    case "NodeRegistered":
    case "NodeDeregistered":
    case "SlotsChanged":
    case "HeartbeatReceived":
    case "MaintenanceDeclared":
    case "RewardCredited":
    case "RewardsClaimed":
    case "MinimumStakeSet":
    case "HeartbeatWindowSet":
    case "ConflictSharesSet":
    case "AuthorityUpdated":
    case "Paused":
    case "Unpaused":
      return null;
  }
}
