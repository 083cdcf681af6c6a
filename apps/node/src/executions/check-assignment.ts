import { edgeRoyalty } from "@stoa/core";
import {
  type Award,
  decodeTyped,
  type Hash,
  hashJson,
  hashTyped,
  type Order,
  requireSigner,
  StoaError,
} from "@stoa/protocol";
import type { HostedAgent } from "../agents/hosting.ts";
import { checkOrder } from "../check-order.ts";
import type { Assignment, SignedBid } from "../journal.ts";
import type { Terms } from "../terms.ts";
import type { BondCovers } from "./bond-reliance.ts";

export interface AssignmentRoom {
  terms: Terms;
  agents(): ReadonlyMap<Hash, HostedAgent>;
  bidOn(roundId: Hash, orderHash: Hash): SignedBid | undefined;
  /** What the requester has in the vault, or null when no chain is configured. */
  vaultBalance(requester: `0x${string}`): Promise<bigint | null>;
  /** Whether the operator's bond makes up for what a requester's balance lacks. */
  bondCovers: BondCovers;
  now(): number;
}

/** An assignment that checked out. */
export interface Checked {
  award: Award;
  awardHash: Hash;
  agent: HostedAgent;
  payment: bigint;
}

function require(
  holds: boolean,
  code: "invalid_bid" | "invalid_order" | "invalid_deadline" | "wrong_hash",
  message: string,
): asserts holds {
  if (!holds) throw new StoaError(code, message);
}

const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

/** The award must be what the node's own signed bid allows. */
function checkPrice(assignment: Assignment, award: Award, room: AssignmentRoom): HostedAgent {
  const bid = room.bidOn(assignment.roundId, assignment.taskId);
  require(bid !==
    undefined, "invalid_bid", `this node did not bid for task ${assignment.taskId} in round ${assignment.roundId}`);
  require(bid.expiresAtMs > room.now(), "invalid_bid", `the bid ended at ${bid.expiresAtMs}, now is ${room.now()}`);
  require(bid.agentVersion ===
    assignment.agentVersion, "invalid_bid", `the bid was with version ${bid.agentVersion}, the award names ${assignment.agentVersion}`);
  const agent = room.agents().get(assignment.agentVersion);
  require(agent !== undefined, "invalid_bid", `agent version ${assignment.agentVersion} is not hosted any more`);
  const royalty = edgeRoyalty(BigInt(agent.manifest.royalty), agent.creator, room.terms.provider);
  require(award.royalty ===
    royalty, "invalid_bid", `the award's royalty is ${award.royalty}, the version's is ${royalty}`);
  require(award.price - award.royalty >=
    BigInt(bid.ask), "invalid_bid", `the award pays ${award.price - award.royalty}, the bid asked ${bid.ask}`);
  return agent;
}

function checkTask(assignment: Assignment, nowMs: number): void {
  const input = hashJson(assignment.input);
  require(input ===
    assignment.spec
      .inputHash, "wrong_hash", `the input's hash is ${input}, the task's is ${assignment.spec.inputHash}`);
  require(assignment.deliverByMs >
    nowMs, "invalid_deadline", `the result was due at ${assignment.deliverByMs}, now is ${nowMs}`);
}

async function checkHold(assignment: Assignment, order: Order, room: AssignmentRoom): Promise<void> {
  const { terms } = room;
  const { requester } = order;
  const hold = decodeTyped("HoldReceipt", assignment.holdReceipt);
  const fits = same(hold.requester, requester) && same(hold.token, terms.token) && hold.orderHash === assignment.taskId;
  require(fits, "invalid_order", `the hold is ${hold.requester}'s for order ${hold.orderHash}, expected ${requester}'s for ${assignment.taskId}`);
  await requireSigner(terms.domain, "HoldReceipt", hold, assignment.holdSignature, terms.operator);
  const balance = await room.vaultBalance(requester);
  if (balance === null || balance >= hold.cumulativeHeld) return;
  const lacking = hold.cumulativeHeld - balance;
  const isCovered = await room.bondCovers(
    { requester, lacking, settleByMs: Number(order.settleBy) * 1_000 },
    room.now(),
  );
  require(isCovered, "invalid_order", `the requester's vault balance is ${balance}, held are ${hold.cumulativeHeld}`);
}

/**
 * Checks everything the node's pay depends on before it works: the operator signed the award, the award fits the
 * node's own signed bid, the requester signed the order for this very task and input, and the money is held.
 * @throws {StoaError} with what does not fit; the node then turns the award down with it as the reason
 */
export async function checkAssignment(assignment: Assignment, room: AssignmentRoom): Promise<Checked> {
  const { terms } = room;
  const award = decodeTyped("Award", assignment.award);
  require(same(award.node, terms.node), "invalid_order", `the award is for node ${award.node}`);
  require(same(
    award.payout,
    terms.provider,
  ), "invalid_order", `the award pays ${award.payout}, expected the provider ${terms.provider}`);
  require(award.orderHash ===
    assignment.taskId, "invalid_order", `the award is for order ${award.orderHash}, expected ${assignment.taskId}`);
  await requireSigner(terms.domain, "Award", award, assignment.operatorSignature, terms.operator);
  const agent = checkPrice(assignment, award, room);
  checkTask(assignment, room.now());
  const wire = {
    orderHash: assignment.taskId,
    order: assignment.order,
    signature: assignment.orderSignature,
    session: assignment.session,
    spec: assignment.spec,
  };
  const order = await checkOrder(terms.domain, wire, room.now());
  require(BigInt(assignment.deliverByMs) ===
    order.deliverBy *
      1_000n, "invalid_deadline", `the result is due at ${order.deliverBy} s by the order, at ${assignment.deliverByMs} ms by the assignment`);
  require(same(order.operator, terms.operator) &&
    same(
      order.token,
      terms.token,
    ), "invalid_order", `the order is for operator ${order.operator} and token ${order.token}`);
  require(award.royalty <= order.royaltyCap &&
    award.price <=
      order.maxPrice, "invalid_order", `the price ${award.price} or royalty ${award.royalty} is over the order's caps`);
  await checkHold(assignment, order, room);
  return { award, awardHash: hashTyped(terms.domain, "Award", award), agent, payment: award.price - award.royalty };
}
