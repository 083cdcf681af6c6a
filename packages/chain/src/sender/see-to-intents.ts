import { randomUUID } from "node:crypto";
import { parseTransaction, type TransactionReceipt, type TransactionSerializedEIP1559 } from "viem";
import { type Hash, StoaError } from "@stoa/protocol";
import { toChainError } from "../client/to-chain-error.ts";
import { broadcast } from "./broadcast.ts";
import { currentFees, raisedFees } from "./fees.ts";
import { type AccountState, lookAtIntent, readAccountState, type Standing } from "./look-at-intent.ts";
import type { SenderContext } from "./sender-context.ts";
import { type IntentOutcome, intentId, liveOf, newestOf, type SentIntent } from "./sent-intent.ts";
import { bodyOf, signTransaction, signUnderFreeNonce } from "./sign-intent.ts";

/** What a look at all open intents found. */
export interface Seen {
  /** Those that stand in a block, final or not. */
  mined: Map<Hash, TransactionReceipt>;
  /** What keeps others from getting on. */
  trouble: StoaError[];
}

/**
 * Looks where every open intent stands, and does what gets it on:
 *
 * | found | done |
 * | --- | --- |
 * | in a block, deep enough | settled |
 * | in a block, not deep enough | nothing: it may leave the chain |
 * | missing | the same bytes are sent again |
 * | next to be mined, and waiting for too long | replaced by one that pays more |
 * | its nonce taken by another's transaction, deep enough | signed anew under another nonce |
 * | none, because no transaction has a nonce before it | the gap is filled |
 *
 * @throws {StoaError} `chain_unavailable` when the chain cannot be asked
 */
export async function seeToIntents(context: SenderContext): Promise<Seen> {
  const { chain, signer, journal } = context;
  const seen: Seen = { mined: new Map(), trouble: [] };
  const open = await journal.listOpen();
  if (open.length === 0) return seen;
  try {
    const account = await readAccountState(chain, signer.address);
    for (const intent of open) {
      const standing = await lookAtIntent(context, intent, account);
      if (standing?.is === "mined") seen.mined.set(intent.id, standing.receipt);
      const trouble = standing && (await act(context, intent, standing, account));
      if (trouble) seen.trouble.push(trouble);
    }
    await fillGap(context, open, account);
  } catch (cause) {
    throw toChainError(cause, "looking at what was sent");
  }
  return seen;
}

async function act(
  context: SenderContext,
  intent: SentIntent,
  standing: Standing,
  account: AccountState,
): Promise<StoaError | null> {
  const { confirmations } = context;
  switch (standing.is) {
    case "mined": {
      if (standing.depth < confirmations) return null;
      const { status, transactionHash } = standing.receipt;
      return settle(context, intent, status === "success" ? "done" : "reverted", transactionHash);
    }
    case "taken":
      if (standing.depth < confirmations) return null;
      return intent.whenTaken === "drop" ? settle(context, intent, "dropped") : moveOn(context, intent);
    case "missing": {
      const trouble = await sendAgain(context, intent);
      return trouble && isStuck(context, intent, account) ? replace(context, intent, account) : trouble;
    }
    case "waiting":
      return isStuck(context, intent, account) ? replace(context, intent, account) : null;
  }
}

async function settle(
  { journal, sentAgain }: SenderContext,
  intent: SentIntent,
  state: IntentOutcome["state"],
  txHash: Hash | null = null,
  reason: string | null = null,
): Promise<null> {
  await journal.settle(intent.id, intent.transactions.length, { state, txHash, reason });
  for (const { hash } of intent.transactions) sentAgain.delete(hash);
  return null;
}

/** What waits behind another transaction is not stuck by its own fees, and what came back just now has to wait first. */
function isStuck({ stuckAfterMs, sentAgain }: SenderContext, intent: SentIntent, { used }: AccountState): boolean {
  const { nonce, signedAt, hash } = newestOf(intent);
  return nonce === used && Date.now() - (sentAgain.get(hash) ?? signedAt) >= stuckAfterMs;
}

/** @returns what the node has against it; a nonce in use is looked into once a block has it */
async function sendAgain({ chain, sentAgain }: SenderContext, intent: SentIntent): Promise<StoaError | null> {
  const newest = newestOf(intent);
  const answer = await broadcast(chain, newest, intent.doing);
  if (answer.is === "unknown") throw answer.error;
  if (answer.is === "taken") sentAgain.set(newest.hash, Date.now());
  return answer.is === "taken" ? null : answer.error;
}

async function replace(context: SenderContext, intent: SentIntent, account: AccountState): Promise<StoaError | null> {
  const { chain, journal, maxFeePerGas, maxReplacements } = context;
  const newest = newestOf(intent);
  const {
    maxFeePerGas: maxFee = 0n,
    maxPriorityFeePerGas: tip = 0n,
    gas = 0n,
  } = parseTransaction(newest.raw as TransactionSerializedEIP1559);
  const before = { maxFeePerGas: maxFee, maxPriorityFeePerGas: tip };
  const live = liveOf(intent).length;
  const fees = live > maxReplacements ? null : raisedFees(before, await currentFees(chain, maxFeePerGas), maxFeePerGas);
  if (!fees) {
    await sendAgain(context, intent);
    return new StoaError(
      "chain_unavailable",
      `${intent.doing}: ${newest.hash} waits since ${new Date(newest.signedAt).toISOString()}, was replaced ${live - 1} times and offers ${maxFee} wei a gas: no more may be offered`,
      { details: { txHash: newest.hash } },
    );
  }
  const { nonce } = newest;
  const transaction = await signTransaction(context, bodyOf(intent), { nonce, gas, fees, afterBlock: account.head });
  if ((await journal.add(intent.id, intent.transactions.length, transaction)) !== "added") return null;
  await context.told(intent.id, transaction);
  return sendAgain(context, { ...intent, transactions: [...intent.transactions, transaction] });
}

/** The block of the transaction that took its nonce is final, so none of its own can reach a block any more. */
async function moveOn(context: SenderContext, intent: SentIntent): Promise<StoaError | null> {
  const known = intent.transactions.length;
  try {
    const { answer, transaction } = await signUnderFreeNonce(context, bodyOf(intent), (signed) =>
      context.journal.add(intent.id, known, signed),
    );
    if (answer === "changed") return null;
    await context.told(intent.id, transaction);
    return await sendAgain(context, { ...intent, transactions: [...intent.transactions, transaction] });
  } catch (error) {
    if (!(error instanceof StoaError) || error.code !== "chain_rejected") throw error;
    await settle(context, intent, "refused", null, error.message);
    return error;
  }
}

/**
 * A transaction of another wallet that was counted on and is gone leaves a nonce that nobody has: what waits behind it
 * would wait for ever. A payment of nothing to oneself takes it.
 */
async function fillGap(context: SenderContext, open: readonly SentIntent[], account: AccountState): Promise<void> {
  const { chain, signer, journal, stuckAfterMs } = context;
  const { used, waiting } = account;
  const ahead = open.filter((intent) => newestOf(intent).nonce > used);
  const isOurs = open.some((intent) => newestOf(intent).nonce === used);
  const isOld = ahead.some((intent) => Date.now() - newestOf(intent).signedAt >= stuckAfterMs);
  if (isOurs || waiting > used || !isOld) return;
  const { address } = signer;
  const content = { to: address, data: "0x", value: "0" } as const;
  const body = { ...content, doing: `filling the gap at nonce ${used}`, subjects: [], outcome: null } as const;
  const id = intentId({ ...content, chainId: chain.chainId, sender: address }, `gap ${randomUUID()}`);
  const { answer, transaction } = await signUnderFreeNonce(context, body, (signed) =>
    journal.begin({ ...body, id, whenTaken: "drop", transactions: [signed] }),
  );
  if (answer === "begun") await sendAgain(context, { ...body, id, whenTaken: "drop", transactions: [transaction] });
}
