import { type VaultRecord, watchVault } from "@stoa/chain";
import type { VaultEvent } from "@stoa/market";
import type { EffectContext } from "./effect-context.ts";

type VaultContext = Pick<EffectContext, "market" | "chain" | "log" | "signal"> & {
  fromBlock: number;
  confirmations: number;
  pollMs: number;
  /** Told when the chain goes away (with the error) and when it is back (with null). */
  onFault: (error: Error | null) => void;
};

/** Mirrors the vault's confirmed events on the ledger until the signal ends it. */
export async function followVault(context: VaultContext): Promise<void> {
  const { market, chain, log, signal } = context;
  const cursor = await market.vaultCursor();
  await watchVault({
    chain,
    vault: market.terms.domain.vault,
    fromBlock: context.fromBlock,
    cursor: cursor ? { number: Number(cursor.number), hash: cursor.hash } : null,
    confirmations: context.confirmations,
    pollMs: context.pollMs,
    signal,
    onBlock: ({ cursor: block, records }) =>
      market.applyVaultBlock({
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

/** What the market follows of the vault's records; skipped items are their submitter's business. */
function eventOf(record: VaultRecord): VaultEvent[] {
  return record.type === "settlement_skipped" || record.type === "claim_skipped" ? [] : [record];
}
