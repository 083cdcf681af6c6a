import { setTimeout } from "node:timers/promises";
import { type VaultRecord, watchVault } from "@stoa/chain";
import type { VaultBlock, VaultEvent } from "@stoa/market";
import { StoaError } from "@stoa/protocol";
import type { EffectContext } from "./effect-context.ts";

type VaultContext = Pick<EffectContext, "market" | "chain" | "nodesContract" | "log" | "signal"> & {
  fromBlock: number;
  confirmations: number;
  pollMs: number;
  /** Told when the chain goes away (with the error) and when it is back (with null). */
  onFault: (error: Error | null) => void;
};

/** How long a block waits for a database that is away before it is tried again. */
const AGAIN_AFTER_MS = 250;

/** Mirrors the vault's confirmed events on the ledger until the signal ends it. */
export async function followVault(context: VaultContext): Promise<void> {
  const { market, chain, log, signal } = context;
  const cursor = await market.vaultCursor();
  await watchVault({
    chain,
    vault: market.terms.domain.vault,
    nodes: context.nodesContract,
    fromBlock: context.fromBlock,
    cursor: cursor ? { number: Number(cursor.number), hash: cursor.hash } : null,
    confirmations: context.confirmations,
    pollMs: context.pollMs,
    signal,
    onBlock: ({ cursor: block, records }) =>
      applyInTheEnd(context, {
        number: BigInt(block.number),
        hash: block.hash,
        events: records
          .filter((record) => !("token" in record) || record.token === market.terms.token)
          .flatMap(eventOf),
      }),
    onFault(error, attempt) {
      context.onFault(error);
      if (error) log.warn({ err: error, attempt }, "the chain is away; settlement waits for it");
      else log.info({ attempt }, "the chain is back");
    },
  });
}

/** Applies a block, however long the database is away. A stopping market leaves it to the next start. */
async function applyInTheEnd({ market, log, signal }: VaultContext, block: VaultBlock): Promise<void> {
  while (!signal.aborted) {
    try {
      return await market.applyVaultBlock(block);
    } catch (error) {
      if (!(error instanceof StoaError) || error.definition.kind !== "retry") throw error;
      log.warn({ err: error, block: block.number }, "a block of the chain could not be taken and will be tried again");
      await setTimeout(AGAIN_AFTER_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}

/** What the market follows of the vault's records; skipped items are their submitter's business. */
function eventOf(record: VaultRecord): VaultEvent[] {
  return record.type === "settlement_skipped" || record.type === "claim_skipped" ? [] : [record];
}
