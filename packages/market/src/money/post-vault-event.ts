import {
  available,
  chainAccount,
  faultsAccount,
  type LedgerAccount,
  platformAccount,
  type PostingKind,
  staked,
  type StakedNode,
  type Transfer,
  unstaking,
  withdrawing,
} from "@stoa/core";
import type { Address, Hash } from "@stoa/protocol";
import type { MarketTerms } from "../context.ts";
import type { WorkingSet } from "../lane/working-set.ts";
import type { VaultEvent } from "./vault-event.ts";

/** What each owner may withdraw beyond what the ledger has free. */
export type Debts = Map<Address, bigint>;

/** The ledger account of whoever owns a balance of the vault. */
export function accountOf(owner: Address, terms: MarketTerms): LedgerAccount {
  if (owner === terms.feeRecipient) return platformAccount;
  return owner === terms.faultPool ? faultsAccount : available(owner);
}

/** The accounts an event of the vault may take from. */
export function accountsOfEvent(event: VaultEvent, terms: MarketTerms): LedgerAccount[] {
  switch (event.type) {
    case "withdrawal_requested":
    case "withdrawal_cancelled":
    case "withdrawal_reduced":
    case "withdrawal_completed":
      return [accountOf(event.owner, terms), withdrawing(event.owner)];
    case "challenged":
      return [accountOf(event.requester, terms), withdrawing(event.requester)];
    case "unstake_requested":
    case "unstake_completed":
      return [staked(event), unstaking(event)];
    default:
      return [];
  }
}

/**
 * Mirrors what moved in the vault on the ledger. Where the chain lets an owner take what the ledger holds for tasks,
 * the difference is kept as a debt and taken as the holds come free; settlement on chain reaches it until then.
 */
export function postVaultEvent(set: WorkingSet, event: VaultEvent, debts: Debts, terms: MarketTerms): void {
  const place = `${event.txHash}:${event.logIndex}`;
  switch (event.type) {
    case "deposited":
      post(set, "deposit", place, [{ from: chainAccount, to: accountOf(event.owner, terms), amount: event.amount }]);
      return told(set, "account.deposited", event.owner, event.amount, event.txHash);
    case "withdrawal_requested":
      debts.set(event.owner, (debts.get(event.owner) ?? 0n) + event.amount);
      payDebt(set, event.owner, debts, terms, place);
      return told(set, "account.withdrawal_requested", event.owner, event.amount, event.txHash);
    case "withdrawal_cancelled":
    case "withdrawal_reduced":
      return takeBack(set, event.owner, event.amount, debts, terms, place);
    case "withdrawal_completed":
      withdraw(set, event.owner, event.amount, debts, terms, place);
      return told(set, "account.withdrawn", event.owner, event.amount, event.txHash);
    case "staked":
      post(set, "stake", place, [{ from: chainAccount, to: staked(event), amount: event.amount }]);
      return toldStake(set, event, event.amount);
    case "unstake_requested": {
      const amount = least(event.amount, set.book.balance(staked(event)));
      return post(set, "unstake_request", place, [{ from: staked(event), to: unstaking(event), amount }]);
    }
    case "unstake_completed":
      return unstake(set, event, event.amount, place);
    case "challenged":
      debts.set(event.requester, (debts.get(event.requester) ?? 0n) + event.bond);
      return payDebt(set, event.requester, debts, terms, place);
    default:
      return;
  }
}

/**
 * Gives a challenge's bond to whom the ruling gives it.
 * @param to the requester itself, or the payout of the node it challenged
 */
export function postBond(
  set: WorkingSet,
  requester: Address,
  to: Address,
  bond: bigint,
  terms: MarketTerms,
  place: string,
): void {
  const amount = least(bond, set.book.balance(withdrawing(requester)));
  post(set, "withdrawal_request", place, [{ from: withdrawing(requester), to: accountOf(to, terms), amount }]);
}

/** Moves what is free of an owner's money towards what it may withdraw. */
export function payDebt(set: WorkingSet, owner: Address, debts: Debts, terms: MarketTerms, place: string): void {
  const from = accountOf(owner, terms);
  const amount = least(debts.get(owner) ?? 0n, set.book.balance(from));
  post(set, "withdrawal_request", place, [{ from, to: withdrawing(owner), amount }]);
  debts.set(owner, (debts.get(owner) ?? 0n) - amount);
}

function takeBack(
  set: WorkingSet,
  owner: Address,
  amount: bigint,
  debts: Debts,
  terms: MarketTerms,
  place: string,
): void {
  const forgiven = least(amount, debts.get(owner) ?? 0n);
  debts.set(owner, (debts.get(owner) ?? 0n) - forgiven);
  const back = least(amount - forgiven, set.book.balance(withdrawing(owner)));
  post(set, "withdrawal_request", place, [{ from: withdrawing(owner), to: accountOf(owner, terms), amount: back }]);
}

/** What came free since the last block is in no account that waits yet: the rest is taken where it lies, and owed no more. */
function withdraw(
  set: WorkingSet,
  owner: Address,
  amount: bigint,
  debts: Debts,
  terms: MarketTerms,
  place: string,
): void {
  const waiting = least(amount, set.book.balance(withdrawing(owner)));
  debts.set(owner, (debts.get(owner) ?? 0n) - least(amount - waiting, debts.get(owner) ?? 0n));
  post(set, "withdrawal", place, [
    { from: withdrawing(owner), to: chainAccount, amount: waiting },
    { from: accountOf(owner, terms), to: chainAccount, amount: amount - waiting },
  ]);
}

/** Stake leaves the vault from what waits, and from the free rest when part of it was bound when it was asked for. */
function unstake(set: WorkingSet, node: StakedNode, amount: bigint, place: string): void {
  const waiting = least(amount, set.book.balance(unstaking(node)));
  post(set, "unstake", place, [
    { from: unstaking(node), to: chainAccount, amount: waiting },
    { from: staked(node), to: chainAccount, amount: amount - waiting },
  ]);
}

function post(set: WorkingSet, kind: PostingKind, place: string, transfers: Transfer[]): void {
  const moved = transfers.filter(({ amount }) => amount > 0n);
  if (moved.length > 0) set.post({ id: `${kind}:${place}`, kind, taskId: null, transfers: moved });
}

type Told = "account.deposited" | "account.withdrawal_requested" | "account.withdrawn";

function told(set: WorkingSet, type: Told, owner: Address, amount: bigint, txHash: Hash): void {
  set.emit({ type, audience: owner, data: { owner, amount: amount.toString(), txHash } });
}

function toldStake(set: WorkingSet, { node }: StakedNode, amount: bigint): void {
  set.emit({ type: "node.staked", audience: null, data: { node, stake: amount.toString() } });
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
