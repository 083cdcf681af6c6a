import type {
  Address,
  AgentVersionId,
  Hash,
  RoundId,
  Signature,
  TaskId,
  TaskSpec,
  TaskState,
  UnservedCount,
  WireTyped,
} from "@stoa/protocol";

/** A session key's authorisation as an order brings it. */
export interface WireSession {
  key: WireTyped<"SessionKey">;
  signature: Signature;
}

/** How a task ended. */
export type TaskOutcome =
  | { kind: "settled"; charge: string; payment: string; royalty: string; fee: string; refund: string }
  | { kind: "unpaid"; reason: string; message: string };

/** A task as the lane works on it: what never changes, then what does. */
export interface TaskRecord {
  readonly id: TaskId;
  readonly requester: Address;
  readonly capability: string;
  readonly agentVersion: AgentVersionId | null;
  readonly order: WireTyped<"Order">;
  readonly orderSignature: Signature;
  readonly session: WireSession | null;
  readonly spec: TaskSpec;
  readonly inputBytes: number;
  readonly maxPrice: bigint;
  readonly deliverBy: number;
  readonly openedAt: number;
  state: TaskState;
  updatedAt: number;
  /** When the clock must look at the task next. */
  wakeAt: number | null;
  /** The earliest alarm that is set for it: at or before `wakeAt`. The lane sets it. */
  alarmAt: number | null;
  version: number;
  awardHash: Hash | null;
  failedNodes: Address[];
  result: { hash: Hash; receiptSignature: Signature; deliveredAt: number } | null;
  acceptance: { signature: Signature } | null;
  outcome: TaskOutcome | null;
  /** Why it found no taker when it was last offered. */
  unserved: UnservedCount[] | null;
  /** Attempts that failed since it was opened, or since its requester last had it tried again. */
  attempts: number;
  /** How often its requester had it tried again. */
  retries: number;
  /** Open, but not offered before this instant; null when it may be offered at once. */
  notBefore: number | null;
}

export type AwardState = "made" | "running" | "delivered" | "failed" | "faulted";

/** An award and the execution it led to. */
export interface AwardRecord {
  readonly hash: Hash;
  readonly taskId: TaskId;
  readonly roundId: RoundId;
  readonly node: Address;
  readonly provider: Address;
  readonly agentVersion: AgentVersionId;
  readonly terms: WireTyped<"Award">;
  readonly price: bigint;
  readonly royalty: bigint;
  readonly ask: bigint;
  readonly bond: bigint;
  readonly operatorSignature: Signature;
  readonly madeAt: number;
  readonly startBy: number;
  state: AwardState;
  nodeSignature: Signature | null;
  startedAt: number | null;
  endedAt: number | null;
  stats: Record<string, unknown> | null;
  failure: { reason: string; message: string } | null;
}

/** What must happen on chain for a task. */
export interface SettlementRecord {
  readonly taskId: TaskId;
  kind: "settle" | "claim";
  state: "pending" | "submitted" | "claimed" | "confirmed" | "skipped";
  txHash: Hash | null;
  reason: string | null;
  payableAt: number | null;
  updatedAt: number;
}

/** What a failed node owes for one award. */
export interface DamagesRecord {
  readonly awardHash: Hash;
  readonly taskId: TaskId;
  readonly toRequester: bigint;
  readonly toFaultPool: bigint;
}
