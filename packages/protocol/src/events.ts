import type { Address, Hash } from "./ids.ts";
import type { Severity, SettingName } from "./oversight.ts";
import type { UnservedCount } from "./unserved.ts";

/**
 * Every event of the market's log, by type. An event is written in the transaction of the change it tells,
 * is public unless `EventRecord.audience` names an account, and never carries a sealed bid of an open round.
 * Amounts are integers as text, instants epoch milliseconds.
 */
export interface MarketEvents {
  "account.deposited": { owner: Address; amount: string; txHash: Hash };
  "account.withdrawal_requested": { owner: Address; amount: string; txHash: Hash };
  "account.withdrawn": { owner: Address; amount: string; txHash: Hash };
  "auction.opened": {
    auctionId: Hash;
    taskId: Hash;
    capability: string;
    reserve: string;
    decrement: string;
    nodes: number;
    endsAt: number;
    hardEndAt: number;
  };
  /** The lead of an open auction fell: `price` is what this node would do the task for, royalty included. */
  "auction.bid": { auctionId: Hash; taskId: Hash; number: number; node: Address; price: string; endsAt: number };
  /** Who led before `by` bid less. */
  "auction.outbid": { auctionId: Hash; taskId: Hash; node: Address; by: Address; price: string };
  "auction.extended": { auctionId: Hash; taskId: Hash; endsAt: number };
  "auction.closed": {
    auctionId: Hash;
    taskId: Hash;
    capability: string;
    reason: string;
    bids: number;
    node: Address | null;
    price: string | null;
    outcomeHash: Hash;
  };
  "agent.published": { agentVersion: Hash; name: string; version: string; capabilities: string[]; creator: Address };
  "agent.retired": { agentVersion: Hash; name: string; version: string };
  /** Kept out of new rounds by those who run the market. */
  "agent.suspended": { agentVersion: Hash; name: string; version: string; reason: string };
  "agent.restored": { agentVersion: Hash; name: string; version: string };
  "node.suspended": { node: Address; reason: string };
  "node.restored": { node: Address };
  /** How the market stands, told now and then while it changes. */
  "network.told": {
    nodesOnline: number;
    slots: number;
    executionsRunning: number;
    tasksWaiting: number;
    agents: number;
  };
  "system.announced": { id: Hash; severity: Severity; text: string; endsAt: number | null };
  "system.setting_changed": { name: SettingName };
  "node.linked": { node: Address; provider: Address };
  "node.staked": { node: Address; stake: string };
  "node.online": { node: Address; provider: Address; slots: number };
  "node.offline": { node: Address; reason: string };
  "round.opened": { roundId: Hash; capability: string; tasks: number; nodes: number; closesAt: number };
  "round.closed": {
    roundId: Hash;
    capability: string;
    tasks: number;
    awards: number;
    reason: string;
    outcomeHash: Hash;
  };
  /** `roundId` is null when no node could be asked. */
  "task.unserved": { taskId: Hash; roundId: Hash | null; reasons: UnservedCount[] };
  "task.opened": {
    taskId: Hash;
    capability: string;
    requester: Address;
    maxPrice: string;
    deliverBy: number;
    /** Absent for sealed bids. */
    auction?: "open";
  };
  "task.awarded": { taskId: Hash; roundId: Hash; node: Address; agentVersion: Hash; price: string; royalty: string };
  "task.reopened": { taskId: Hash; node: Address; fault: string };
  "task.running": { taskId: Hash; node: Address; executionId: string };
  "task.delivered": { taskId: Hash; node: Address; resultHash: Hash };
  "task.accepted": { taskId: Hash };
  "task.claimed": { taskId: Hash; payableAt: number };
  "task.settled": {
    taskId: Hash;
    node: Address;
    charge: string;
    payment: string;
    royalty: string;
    fee: string;
    refund: string;
  };
  "task.cancelled": { taskId: Hash };
  "task.expired": { taskId: Hash; reason: string };
  "task.failed": { taskId: Hash; reason: string; message: string };
  /** An agent failed with attempts left: the task is offered again at `notBefore`. */
  "task.attempt_failed": { taskId: Hash; node: Address; reason: string; attempt: number; notBefore: number };
  /** The task is open for another attempt, the `attempt`-th since it was opened or asked for again. */
  "task.retried": { taskId: Hash; capability: string; attempt: number };
  /** No attempt is left: refunded in full, and kept for its requester to look at or try again. */
  "task.dead": { taskId: Hash; reason: string; message: string; attempts: number };
  "execution.logged": { taskId: Hash; executionId: string; firstSeq: number; lines: { atMs: number; text: string }[] };
  "execution.progressed": { taskId: Hash; executionId: string; fraction: number; text: string };
  "task.subtasks_granted": { taskId: Hash; node: Address; budget: string };
  "task.subtask_opened": { taskId: Hash; subtaskId: Hash; capability: string; maxPrice: string };
  "workflow.opened": { workflowId: Hash; requester: Address; name: string; steps: number; budget: string };
  "workflow.step_ordered": { workflowId: Hash; step: string; attempt: number; taskId: Hash; maxPrice: string };
  "workflow.step_delivered": { workflowId: Hash; step: string; taskId: Hash };
  "workflow.step_done": { workflowId: Hash; step: string; taskId: Hash; charge: string };
  "workflow.step_retried": { workflowId: Hash; step: string; attempt: number; reason: string; message: string };
  "workflow.step_ended": {
    workflowId: Hash;
    step: string;
    state: "failed" | "substituted" | "skipped";
    reason: string;
    message: string;
  };
  "workflow.ending": { workflowId: Hash; step: string | null; reason: string };
  "workflow.completed": { workflowId: Hash; charged: string; refunded: string };
  "workflow.failed": {
    workflowId: Hash;
    step: string;
    reason: string;
    message: string;
    charged: string;
    refunded: string;
  };
  "workflow.cancelled": { workflowId: Hash; charged: string; refunded: string };
  "settlement.submitted": { taskId: Hash; txHash: Hash };
  "settlement.confirmed": { taskId: Hash; txHash: Hash };
  "settlement.skipped": { taskId: Hash; reason: string };
}

export type EventType = keyof MarketEvents;

/** One entry of the log. */
export interface EventRecord<Type extends EventType = EventType> {
  /** Position in the log: what a client resumes from. */
  seq: number;
  type: Type;
  /** Epoch milliseconds. */
  at: number;
  /** The only account that may see it; null when all may. */
  audience: Address | null;
  data: MarketEvents[Type];
}

/** An event to be written; the log gives it its place. */
export type NewEvent = {
  [Type in EventType]: { type: Type; audience: Address | null; data: MarketEvents[Type] };
}[EventType];
