import type { SettlementEvidence } from "@stoa/chain";
import { decodeTyped, type Hash, hashTyped, type TaskId } from "@stoa/protocol";
import { type DueSettlement, listDueSettlements, REFUSED_FOR_DAYS } from "@stoa/store";
import type { EffectContext } from "./effect-context.ts";
import { repeat, type Repeated } from "./repeat.ts";
import { withWinningBids, type WinningBid } from "./winning-bids.ts";

const EVERY_MS = 5_000;
/** What was sent and not confirmed, or refused as things stood, is looked at again after this long. */
const AGAIN_AFTER_MS = 60_000;
/** A batch's gas stays well within a block's. */
const AT_ONCE = 40;
/** Batches that wait for their blocks: one is checked while another is mined. */
const UNDER_WAY = 2;
const DAY_MS = 86_400_000;

type SettleContext = Pick<EffectContext, "database" | "market" | "settlement" | "log" | "signal">;

/** What became of a batch. */
interface Sent {
  /** How many have another state now. */
  marked: number;
  txHashes: Hash[];
}

/**
 * Sends accepted orders and claims to the vault in batches. Sending is idempotent per order: what nobody knows the
 * fate of is looked up on chain and sent again when it is not there; it can never be paid twice.
 *
 * What is gathered for `gatherMs` costs the chain's attention once. A task past its deadline is not gathered: from then
 * on an order is only bound to leave the time to approve and to challenge.
 */
export function settleOnChain(context: SettleContext & { gatherMs: number }): Repeated {
  const { market, signal, gatherMs } = context;
  let gatheredSince = -Infinity;
  const effect = repeat({ name: "settle", everyMs: EVERY_MS, ...context }, async () => {
    const now = market.now();
    const isGathering = now - gatheredSince < gatherMs;
    await sendAll(context, "claim");
    await sendAll(context, "settle", isGathering ? now : undefined);
    if (!isGathering) gatheredSince = now;
  });
  const unsubscribe = market.events.onAppended((events) => {
    if (gatherMs === 0 && events.some(({ type }) => type === "task.settled")) effect.wake();
  });
  signal.addEventListener("abort", unsubscribe, { once: true });
  return effect;
}

/**
 * Sends batch after batch until nothing more is due, or nothing that is due can be sent. Only so many wait for their
 * blocks at once: what is checked against the next block has the chain run all of them again.
 */
async function sendAll(context: SettleContext, kind: DueSettlement["kind"], hurriedBy?: number): Promise<void> {
  const { settlement, signal } = context;
  const underWay: Hash[] = [];
  while (!signal.aborted) {
    const batch = await due(context, kind, hurriedBy);
    const { marked, txHashes } = await send(context, kind, batch);
    if (batch.length < AT_ONCE || marked === 0) return;
    underWay.push(...txHashes);
    const oldest = underWay.length >= UNDER_WAY ? underWay.shift() : undefined;
    if (oldest) await settlement.wait(oldest, { signal });
  }
}

function due(
  { database, market }: SettleContext,
  kind: DueSettlement["kind"],
  hurriedBy: number | undefined,
): Promise<DueSettlement[]> {
  const { feeBps } = market.terms;
  const now = market.now();
  return listDueSettlements(database, {
    kind,
    againBefore: now - AGAIN_AFTER_MS,
    ...(hurriedBy === undefined ? {} : { hurriedBy }),
    dueAfter: now - REFUSED_FOR_DAYS * DAY_MS,
    feeBps,
    limit: AT_ONCE,
  });
}

async function send(context: SettleContext, kind: DueSettlement["kind"], due: readonly DueSettlement[]): Promise<Sent> {
  const sendable = await withWinningBids(context, due);
  if (sendable.length === 0) return { marked: 0, txHashes: [] };
  const { market, settlement, log } = context;
  const sent = await settlement[kind](sendable.map(({ item, bid }) => evidenceOf(item, bid)));
  const taskOf = new Map(
    sendable.map(({ item }) => [
      hashTyped(market.terms.domain, "Order", decodeTyped("Order", item.order)),
      item.taskId,
    ]),
  );
  const marks = [
    // What the chain has already is confirmed when its event is read.
    ...sent.already.map((hash) => ({
      taskId: taskOf.get(hash) ?? (hash as TaskId),
      state: "submitted" as const,
      txHash: null,
      reason: null,
    })),
    ...[...sent.submitted, ...sent.inFlight].map(({ orderHash, txHash }) => ({
      taskId: taskOf.get(orderHash) ?? (orderHash as TaskId),
      state: "submitted" as const,
      txHash,
      reason: null,
    })),
    ...sent.refused
      // What only comes too early is sent again at the next look.
      .filter(({ isEarly }) => !isEarly)
      .map(({ orderHash, reason }) => ({
        taskId: taskOf.get(orderHash) ?? (orderHash as TaskId),
        state: "skipped" as const,
        txHash: null,
        reason,
      })),
  ];
  await market.markSettlements(marks);
  const txHashes = [...new Set(sent.submitted.map(({ txHash }) => txHash))];
  log.info({ kind, sent: sent.submitted.length, refused: sent.refused.length, txHashes }, "sent to the vault");
  return { marked: marks.length, txHashes };
}

function evidenceOf(item: DueSettlement, bid: WinningBid): SettlementEvidence {
  return {
    order: decodeTyped("Order", item.order),
    orderSignature: item.orderSignature,
    session: item.session
      ? { key: decodeTyped("SessionKey", item.session.key), signature: item.session.signature }
      : null,
    award: decodeTyped("Award", item.award),
    nodeSignature: item.nodeSignature,
    operatorSignature: item.operatorSignature,
    ...bid,
    resultHash: item.result.hash,
    receiptSignature: item.result.receiptSignature,
    acceptanceSignature: item.acceptance?.signature ?? null,
    charge: BigInt(item.charge),
  };
}
