import {
  type BlockCursor,
  type Chain,
  type VaultBatch,
  type VaultRecord,
  watchVault,
  type WatchOptions,
} from "@stoa/chain";
import type { Address, StoaError } from "@stoa/protocol";

/** A watch under test: what it handed over, told and met, and how it ended. */
export interface Observed {
  batches: VaultBatch[];
  records: VaultRecord[];
  pending: VaultRecord[][];
  faults: (StoaError | null)[];
  ended: Promise<void>;
  cursor(): BlockCursor | null;
  stop(): Promise<void>;
}

/** Watches a vault, remembering everything. */
export function observe(
  chain: Chain,
  market: { vault: Address; nodes: Address; deployedAtBlock: number },
  options: Partial<WatchOptions> & Pick<WatchOptions, "confirmations">,
): Observed {
  const stopping = new AbortController();
  const observed = { batches: [] as VaultBatch[], pending: [] as VaultRecord[][], faults: [] as (StoaError | null)[] };
  const ended = watchVault({
    chain,
    vault: market.vault,
    nodes: market.nodes,
    fromBlock: market.deployedAtBlock,
    cursor: null,
    signal: stopping.signal,
    pollMs: 10,
    async onBlock(batch) {
      observed.batches.push(batch);
    },
    onPending: (records) => observed.pending.push(records),
    onFault: (error) => observed.faults.push(error),
    ...options,
  });
  // A failure is the test's to look at, when it awaits `ended`.
  ended.catch(() => undefined);
  return {
    ...observed,
    ended,
    get records() {
      return observed.batches.flatMap((batch) => batch.records);
    },
    cursor: () => observed.batches.at(-1)?.cursor ?? options.cursor ?? null,
    async stop() {
      stopping.abort();
      await ended;
    },
  };
}

/** Waits for a condition, failing after 20 s. */
export async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + 20_000;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`not within 20 s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
