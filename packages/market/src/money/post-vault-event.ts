import {
  available,
  bonded,
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
import { takeOrOwe } from "./take-or-owe.ts";
import type { VaultDrift } from "./vault-drift.ts";
import type { VaultEvent } from "./vault-event.ts";

/** The ledger accounts that one balance of the vault stands for, in the order it is drawn from. */
export function accountsOf(owner: Address, terms: MarketTerms): [LedgerAccount, ...LedgerAccount[]] {
  const accounts: [LedgerAccount, ...LedgerAccount[]] = [available(owner)];
  if (owner === terms.feeRecipient) accounts.push(platformAccount);
  if (owner === terms.faultPool) accounts.push(faultsAccount);
  return accounts;
}

/** The accounts an event of the vault may take from. */
export function accountsOfEvent(event: VaultEvent, terms: MarketTerms): LedgerAccount[] {
  switch (event.type) {
    case "withdrawal_requested":
    case "withdrawal_cancelled":
    case "withdrawal_reduced":
    case "withdrawal_completed":
      return [...accountsOf(event.owner, terms), withdrawing(event.owner)];
    case "challenged":
      return [...accountsOf(event.requester, terms), withdrawing(event.requester)];
    case "unstake_requested":
    case "unstake_completed":
      return [staked(event), unstaking(event)];
    case "stake_taken":
      return [staked(event), bonded(event), unstaking(event)];
    default:
      return [];
  }
}

/**
 * Mirrors what moved in the vault on the ledger. Where the chain lets an owner take what the ledger holds for tasks,
 * the difference is kept as a debt and taken as the holds come free; settlement on chain reaches it until then.
 * What the chain paid out beyond that is an overdraft. No event is refused: the chain has spoken.
 */
export function postVaultEvent(set: WorkingSet, event: VaultEvent, drift: VaultDrift, terms: MarketTerms): void {
  const place = `${event.txHash}:${event.logIndex}`;
  switch (event.type) {
    case "deposited":
      post(set, "deposit", place, [{ from: chainAccount, to: available(event.owner), amount: event.amount }]);
      return told(set, "account.deposited", event.owner, event.amount, event.txHash);
    case "withdrawal_requested":
      oweWithdrawal(set, event.owner, event.amount, drift, terms, place);
      return told(set, "account.withdrawal_requested", event.owner, event.amount, event.txHash);
    case "withdrawal_cancelled":
    case "withdrawal_reduced":
      return takeBack(set, event.owner, event.amount, drift, place);
    case "withdrawal_completed":
      withdraw(set, event.owner, event.amount, drift, terms, place);
      return told(set, "account.withdrawn", event.owner, event.amount, event.txHash);
    case "staked":
      post(set, "stake", place, [{ from: chainAccount, to: staked(event), amount: event.amount }]);
      return toldStake(set, event, event.amount);
    case "unstake_requested": {
      const amount = least(event.amount, set.book.balance(staked(event)));
      return post(set, "unstake_request", place, [{ from: staked(event), to: unstaking(event), amount }]);
    }
    case "unstake_completed":
      return unstake(set, event, event.amount, drift, place);
    case "stake_taken":
      return takeStake(set, event, event.amount, drift, place);
    case "challenged":
      return oweWithdrawal(set, event.requester, event.bond, drift, terms, place);
    default:
      return;
  }
}

/** Gives a challenge's bond, which lies with what waits to be withdrawn, to the payout of the node that was challenged. */
export function payBond(
  set: WorkingSet,
  { requester, payout }: { requester: Address; payout: Address },
  bond: bigint,
  drift: VaultDrift,
  place: string,
): void {
  const waiting = least(bond, set.book.balance(withdrawing(requester)));
  const missing = bond - waiting;
  drift.debts.set(requester, debtOf(drift, requester) - least(missing, debtOf(drift, requester)));
  post(set, "withdrawal_request", place, [{ from: withdrawing(requester), to: available(payout), amount: waiting }]);
  if (missing === 0n) return;
  post(set, "enforce", `${place}:owed`, [
    ...takeOrOwe(set, drift, [[available(requester), missing]]),
    { from: chainAccount, to: available(payout), amount: missing },
  ]);
}

/** Moves what is free of an owner's money towards what it may withdraw. */
export function payDebt(set: WorkingSet, owner: Address, drift: VaultDrift, terms: MarketTerms, place: string): void {
  const transfers = draw(set, accountsOf(owner, terms), debtOf(drift, owner)).map(({ from, amount }) => ({
    from,
    to: withdrawing(owner),
    amount,
  }));
  post(set, "withdrawal_request", place, transfers);
  drift.debts.set(owner, debtOf(drift, owner) - sumOf(transfers));
}

/** Gives back what was to be withdrawn: first what the ledger never had free for it. */
export function takeBack(set: WorkingSet, owner: Address, amount: bigint, drift: VaultDrift, place: string): void {
  const forgiven = least(amount, debtOf(drift, owner));
  drift.debts.set(owner, debtOf(drift, owner) - forgiven);
  const back = least(amount - forgiven, set.book.balance(withdrawing(owner)));
  post(set, "withdrawal_request", place, [{ from: withdrawing(owner), to: available(owner), amount: back }]);
}

function oweWithdrawal(
  set: WorkingSet,
  owner: Address,
  amount: bigint,
  drift: VaultDrift,
  terms: MarketTerms,
  place: string,
): void {
  drift.debts.set(owner, debtOf(drift, owner) + amount);
  payDebt(set, owner, drift, terms, place);
}

/** What came free since the last block is in no account that waits yet: the rest is taken where it lies, or owed. */
function withdraw(
  set: WorkingSet,
  owner: Address,
  amount: bigint,
  drift: VaultDrift,
  terms: MarketTerms,
  place: string,
): void {
  const waiting = least(amount, set.book.balance(withdrawing(owner)));
  const rest = amount - waiting;
  drift.debts.set(owner, debtOf(drift, owner) - least(rest, debtOf(drift, owner)));
  const accounts = accountsOf(owner, terms);
  const free = draw(set, accounts, rest).map(({ from, amount: taken }): [LedgerAccount, bigint] => [from, taken]);
  const short = rest - free.reduce((sum, [, taken]) => sum + taken, 0n);
  post(set, "withdrawal", place, [
    { from: withdrawing(owner), to: chainAccount, amount: waiting },
    ...takeOrOwe(set, drift, [...free, [accounts.at(-1) ?? available(owner), short]]),
  ]);
}

/** Stake leaves the vault from what waits, and from the free rest when part of it was bound when it was asked for. */
function unstake(set: WorkingSet, node: StakedNode, amount: bigint, drift: VaultDrift, place: string): void {
  const waiting = least(amount, set.book.balance(unstaking(node)));
  post(set, "unstake", place, [
    { from: unstaking(node), to: chainAccount, amount: waiting },
    ...takeOrOwe(set, drift, [[staked(node), amount - waiting]]),
  ]);
}

/** The chain takes what is staked before what waits to be taken back; what a bond has of it is owed until it is free. */
function takeStake(set: WorkingSet, node: StakedNode, amount: bigint, drift: VaultDrift, place: string): void {
  const stake = set.book.balance(staked(node)) + set.book.balance(bonded(node));
  const fromStake = least(amount, stake);
  post(
    set,
    "enforce",
    place,
    takeOrOwe(set, drift, [
      [staked(node), fromStake],
      [unstaking(node), amount - fromStake],
    ]),
  );
}

/** What accounts can give of an amount, one after another. */
function draw(
  set: WorkingSet,
  accounts: readonly LedgerAccount[],
  amount: bigint,
): { from: LedgerAccount; amount: bigint }[] {
  let wanted = amount;
  return accounts.map((from) => {
    const taken = least(wanted, set.book.balance(from));
    wanted -= taken;
    return { from, amount: taken };
  });
}

function debtOf({ debts }: VaultDrift, owner: Address): bigint {
  return debts.get(owner) ?? 0n;
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

function sumOf(transfers: readonly { amount: bigint }[]): bigint {
  return transfers.reduce((sum, { amount }) => sum + amount, 0n);
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
