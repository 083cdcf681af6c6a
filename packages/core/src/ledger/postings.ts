import type { Address, Hash, TaskId } from "@stoa/protocol";
import {
  available,
  bonded,
  earmarked,
  faultsAccount,
  held,
  type LedgerAccount,
  platformAccount,
  staked,
  type StakedNode,
} from "./accounts.ts";

/** Money moved from one account to another. */
export interface Transfer {
  from: LedgerAccount;
  to: LedgerAccount;
  /** Above zero. */
  amount: bigint;
}

/** One atomic change of the ledger: all its transfers or none. */
export interface Posting {
  /** Names the cause, so that the same cause can never be posted twice. */
  id: string;
  kind: PostingKind;
  taskId: TaskId | null;
  transfers: Transfer[];
}

export type PostingKind =
  | "deposit"
  | "withdrawal_request"
  | "withdrawal"
  | "stake"
  | "unstake_request"
  | "unstake"
  | "earmark"
  | "unearmark"
  | "hold"
  | "release"
  | "bond"
  | "unbond"
  | "settle"
  | "damages"
  | "enforce"
  | "repay";

/** What one account gains or loses by a posting. */
export interface Entry {
  account: LedgerAccount;
  amount: bigint;
}

/**
 * The posting as entries, one per account, summing to zero.
 * @example
 * entriesOf({ ..., transfers: [{ from: "chain", to: "platform", amount: 5n }] })
 * // [{ account: "chain", amount: -5n }, { account: "platform", amount: 5n }]
 */
export function entriesOf(posting: Posting): Entry[] {
  const net = new Map<LedgerAccount, bigint>();
  for (const { from, to, amount } of posting.transfers) {
    net.set(from, (net.get(from) ?? 0n) - amount);
    net.set(to, (net.get(to) ?? 0n) + amount);
  }
  return [...net].filter(([, amount]) => amount !== 0n).map(([account, amount]) => ({ account, amount }));
}

/** Sets a whole budget aside for a workflow, or for what a task may order in its turn. */
export function earmarkPosting(budgetOf: Hash, requester: Address, budget: bigint): Posting {
  return {
    id: `earmark:${budgetOf}`,
    kind: "earmark",
    taskId: null,
    transfers: [{ from: available(requester), to: earmarked(requester, budgetOf), amount: budget }],
  };
}

/** Frees what is left of a budget. What comes back to it later is freed again, each time under a place of its own. */
export function unearmarkPosting(budgetOf: Hash, requester: Address, left: bigint, place: string): Posting {
  return {
    id: `unearmark:${budgetOf}:${place}`,
    kind: "unearmark",
    taskId: null,
    transfers: transfer(earmarked(requester, budgetOf), available(requester), left),
  };
}

/**
 * Sets a task's maximum price aside when it opens; out of a budget when `from` is one.
 * @param retries how often its requester had it tried again before: each time has a hold and a release of its own
 */
export function holdPosting(
  taskId: TaskId,
  requester: Address,
  maxPrice: bigint,
  from: LedgerAccount = available(requester),
  retries = 0,
): Posting {
  return {
    id: nthOf(`hold:${taskId}`, retries),
    kind: "hold",
    taskId,
    transfers: [{ from, to: held(requester), amount: maxPrice }],
  };
}

/** Gives the whole hold back to where it came from when a task ends unpaid; `retries` as for its {@link holdPosting}. */
export function releasePosting(
  taskId: TaskId,
  requester: Address,
  maxPrice: bigint,
  to: LedgerAccount = available(requester),
  retries = 0,
): Posting {
  return {
    id: nthOf(`release:${taskId}`, retries),
    kind: "release",
    taskId,
    transfers: [{ from: held(requester), to, amount: maxPrice }],
  };
}

/** Binds part of a node's stake to an award; `awardHash` names it. */
export function bondPosting(taskId: TaskId, awardHash: string, node: StakedNode, bond: bigint): Posting {
  return { id: `bond:${awardHash}`, kind: "bond", taskId, transfers: transfer(staked(node), bonded(node), bond) };
}

/** Frees what an award had bound, less the damages its node owes. */
export function unbondPosting(taskId: TaskId, awardHash: string, node: StakedNode, bond: bigint): Posting {
  return { id: `unbond:${awardHash}`, kind: "unbond", taskId, transfers: transfer(bonded(node), staked(node), bond) };
}

/** Pays the damages of a failed node out of its bond: the requester is made whole, the rest goes to the fault pool. */
export function damagesPosting(
  taskId: TaskId,
  awardHash: string,
  node: StakedNode,
  requester: Address,
  toRequester: bigint,
  toFaultPool: bigint,
): Posting {
  return {
    id: `damages:${awardHash}`,
    kind: "damages",
    taskId,
    transfers: [
      ...transfer(bonded(node), available(requester), toRequester),
      ...transfer(bonded(node), faultsAccount, toFaultPool),
    ],
  };
}

/** The final split of a hold. */
export interface Split {
  payment: bigint;
  royalty: bigint;
  fee: bigint;
  charge: bigint;
  refund: bigint;
}

/**
 * Splits a hold by the award's price: payment to the node, royalty to the creator, fee on top, the rest back.
 * @throws {RangeError} when the charge is over the hold or the royalty over the price: a caller's bug
 * @example
 * splitHold({ maxPrice: 100n, price: 50n, royalty: 10n, feeBps: 200 })
 * // { payment: 40n, royalty: 10n, fee: 1n, charge: 51n, refund: 49n }
 */
export function splitHold(terms: { maxPrice: bigint; price: bigint; royalty: bigint; feeBps: number }): Split {
  const { maxPrice, price, royalty } = terms;
  const fee = (price * BigInt(terms.feeBps)) / 10_000n;
  const charge = price + fee;
  if (royalty < 0n || royalty > price) throw new RangeError(`royalty ${royalty} is not within the price ${price}`);
  if (charge > maxPrice) throw new RangeError(`charge ${charge} is over the hold ${maxPrice}`);
  return { payment: price - royalty, royalty, fee, charge, refund: maxPrice - charge };
}

/** Posts the final split of a hold; the refund goes back to where the hold came from. */
export function settlePosting(
  taskId: TaskId,
  parties: { requester: Address; payout: Address; creator: Address },
  split: Split,
  refundTo: LedgerAccount = available(parties.requester),
): Posting {
  const from = held(parties.requester);
  return {
    id: `settle:${taskId}`,
    kind: "settle",
    taskId,
    transfers: [
      ...transfer(from, available(parties.payout), split.payment),
      ...transfer(from, available(parties.creator), split.royalty),
      ...transfer(from, platformAccount, split.fee),
      ...transfer(from, refundTo, split.refund),
    ],
  };
}

/** One transfer, or none when there is nothing to move. */
function transfer(from: LedgerAccount, to: LedgerAccount, amount: bigint): Transfer[] {
  return amount > 0n ? [{ from, to, amount }] : [];
}

/** A cause that can come again names which time it is. */
function nthOf(id: string, before: number): string {
  return before === 0 ? id : `${id}:${before}`;
}
