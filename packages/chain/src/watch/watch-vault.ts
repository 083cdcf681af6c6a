import { StoaError } from "@stoa/protocol";
import type { Chain } from "../client/connect-chain.ts";
import { pause } from "../client/pause.ts";
import { toChainError } from "../client/to-chain-error.ts";
import { blockAt, readRange, type Watched } from "./read-range.ts";
import type { BlockCursor, VaultBatch, VaultRecord } from "./vault-record.ts";

export interface WatchOptions extends Watched {
  chain: Chain;
  /** First block to read when there is no cursor: the vault's own. */
  fromBlock: number;
  /** The last batch's cursor, as `onBlock` persisted it; null at the very first start. */
  cursor: BlockCursor | null;
  /** Blocks that must stand on a record's block before it is handed over. */
  confirmations: number;
  /** Ends the watch; what `onBlock` is doing is finished first. */
  signal: AbortSignal;
  /** Takes confirmed records in order, and persists them with `batch.cursor` in one transaction. */
  onBlock(batch: VaultBatch): Promise<void>;
  /** Told the records seen but not confirmed yet, whenever they change. Any of them can vanish. */
  onPending?(records: VaultRecord[]): void;
  /** Told when the chain cannot be read, and again at every vain try; `error` null when it is back. */
  onFault?(error: StoaError | null, attempt: number): void;
  pollMs?: number;
  /** Blocks asked for at once. */
  maxRange?: number;
}

const MAX_BACKOFF_MS = 15_000;

/**
 * Reads the logs of a vault and its contract of stakes as long as the signal lets it, handing each record over once, in order, `confirmations` deep.
 * A reorg above that depth is never seen; while the chain is away the watch keeps trying.
 *
 * States: reading → (chain away) retrying → reading; reading → (signal) ended; reading → (the cursor's block left the
 * chain) failed.
 * @throws {StoaError} `chain_reorganised` when a block handed over is no longer in the chain; what `onBlock` throws
 */
export async function watchVault(options: WatchOptions): Promise<void> {
  const { signal, pollMs = 1_000, onFault } = options;
  let cursor = options.cursor;
  let pendingKey = "";
  let attempt = 0;
  while (!signal.aborted) {
    let step: Step;
    try {
      step = await readStep(options, cursor);
    } catch (cause) {
      const error = toChainError(cause, "watching the vault");
      if (error.code === "chain_reorganised") throw error;
      attempt += 1;
      onFault?.(error, attempt);
      await pause(Math.min(MAX_BACKOFF_MS, pollMs * 2 ** Math.min(attempt - 1, 10)), signal);
      continue;
    }
    if (attempt > 0) onFault?.(null, attempt);
    attempt = 0;
    if (step.batch) {
      await options.onBlock(step.batch);
      cursor = step.batch.cursor;
    }
    const key = step.pending?.map(({ blockHash, logIndex }) => `${blockHash}:${logIndex}`).join() ?? pendingKey;
    if (step.pending && key !== pendingKey) options.onPending?.(step.pending);
    pendingKey = key;
    if (!step.behind) await pause(pollMs, signal);
  }
}

interface Step {
  batch: VaultBatch | null;
  /** Null when nothing new is known about them. */
  pending: VaultRecord[] | null;
  /** More confirmed blocks wait to be read. */
  behind: boolean;
}

async function readStep(options: WatchOptions, cursor: BlockCursor | null): Promise<Step> {
  const { chain, confirmations, maxRange = 2_000 } = options;
  const head = Number((await chain.client.getBlock({ blockTag: "latest" })).number);
  if (cursor && head < cursor.number) {
    throw new StoaError(
      "chain_unavailable",
      `the chain's head is block ${head}, behind block ${cursor.number} that was read before`,
    );
  }
  const confirmed = head - confirmations;
  const from = cursor ? cursor.number + 1 : options.fromBlock;
  const to = Math.min(confirmed, from + maxRange - 1);
  const batch = from <= to ? await readRange(chain, options, from, to) : null;
  // Checked after reading: had the chain turned in between, the batch would be another chain's.
  if (cursor) await requireInChain(chain, cursor);
  const next = batch?.cursor.number ?? from - 1;
  const behind = batch !== null && next < confirmed;
  if (behind || !options.onPending) return { batch, pending: null, behind };
  const unconfirmed = next < head ? await readRange(chain, options, next + 1, head) : null;
  return { batch, pending: unconfirmed?.records ?? (next < head ? null : []), behind };
}

async function requireInChain(chain: Chain, cursor: BlockCursor): Promise<void> {
  const { hash } = await blockAt(chain, cursor.number);
  if (hash === cursor.hash) return;
  throw new StoaError(
    "chain_reorganised",
    `block ${cursor.number} was ${cursor.hash} when its records were taken, and is ${hash} now`,
    { details: { blockNumber: cursor.number, expected: cursor.hash, actual: hash } },
  );
}
