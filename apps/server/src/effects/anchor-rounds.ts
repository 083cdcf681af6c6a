import type { CapabilityAnchor, SettlementAnchors } from "@stoa/chain";
import { type AnchoredHead, FIRST_PREVIOUS_HASH, StoaError } from "@stoa/protocol";
import { findRoundPosition, listUnanchored, type UnanchoredRow } from "@stoa/store";
import type { EffectContext } from "./effect-context.ts";
import { repeat, type Repeated } from "./repeat.ts";

type AnchorContext = Pick<EffectContext, "database" | "market" | "settlement" | "log" | "signal"> & {
  anchors: SettlementAnchors;
  everyMs: number;
  /** Blocks that must stand on an anchor before it is told to anybody. */
  confirmations: number;
};

/** A batch's gas stays well within a block's. */
const AT_ONCE = 100;

/**
 * Anchors the newest outcome hash of every capability on chain, all in one transaction and at most one in each interval.
 * What stands there is the chain's to say: an anchor is recorded once its block is confirmed, whoever sent it, and a
 * capability is anchored anew only from a head that is recorded. So whatever is lost between sending and recording is
 * found again at the next look, and nothing is anchored twice.
 */
export function anchorRoundsOnChain(context: AnchorContext): Repeated {
  return repeat({ ...context, name: "anchor" }, async () => {
    const due: CapabilityAnchor[] = [];
    const rows = await listUnanchored(context.database);
    const inFlight = await context.anchors.inFlight(rows.map(({ capability }) => capability));
    for (const row of rows) {
      // It is looked at once its transaction is final: until then it may leave the chain and come back.
      if (inFlight.has(row.capability)) continue;
      const next = await nextAnchor(context, row);
      if (next) due.push(next);
    }
    for (let at = 0; at < due.length; at += AT_ONCE) await send(context, due.slice(at, at + AT_ONCE));
  });
}

/** The anchor to send for a capability; null while what stands on chain is another than what is recorded. */
async function nextAnchor(context: AnchorContext, row: UnanchoredRow): Promise<CapabilityAnchor | null> {
  const { capability, head, fresh } = row;
  const stands = await context.anchors.standing(capability);
  if ((stands?.head ?? null) !== row.anchoredHead) {
    await follow(context, row, stands);
    return null;
  }
  return {
    capability,
    position: (stands?.position ?? 0) + Number(fresh),
    previous: stands?.head ?? FIRST_PREVIOUS_HASH,
    head,
  };
}

/** Makes the record say what the chain says, as far as that is confirmed. */
async function follow(context: AnchorContext, row: UnanchoredRow, stands: AnchoredHead | null): Promise<void> {
  const { database, market, settlement, confirmations, log } = context;
  const { capability } = row;
  const roundPosition = stands && (await findRoundPosition(database, { capability, outcomeHash: stands.head }));
  if (stands && roundPosition === undefined) {
    // Money is not touched by this, but the history is: only an operator can say which of the two is the true one.
    log.error({ capability, anchored: stands }, "the chain has a round anchored that the database does not have");
    return;
  }
  if (stands && stands.position > Number(row.anchoredPosition ?? 0)) {
    const newest = await settlement.facts.newestBlock();
    if (newest - stands.blockNumber < confirmations) return;
    const { head, position, txHash, blockNumber } = stands;
    await market.markAnchor({ capability, head, position, txHash, blockNumber });
    log.info({ capability, position, head, txHash }, "rounds are anchored");
    return;
  }
  log.warn(
    { capability, anchored: stands, recorded: row.anchoredHead },
    "the chain lost anchors, which are sent again",
  );
  await market.dropAnchors({ capability, stands });
}

async function send({ anchors, settlement, signal, log }: AnchorContext, due: CapabilityAnchor[]): Promise<void> {
  const doing = "anchoring rounds";
  try {
    const txHash = await anchors.anchor(due);
    log.info({ txHash, segments: due.length }, "anchors were sent");
    await settlement.wait(txHash, { doing, signal });
  } catch (error) {
    if (signal.aborted) return;
    // Another process of this operator was faster: the next look finds what it sent.
    if (!(error instanceof StoaError) || error.code !== "chain_rejected") throw error;
    log.warn({ err: error, segments: due.length }, "anchors were refused and are looked at again");
  }
}
