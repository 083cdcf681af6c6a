import { HttpRequestError } from "viem";
import { StoaError } from "@stoa/protocol";
import type { Chain } from "../client/connect-chain.ts";
import { pause } from "../client/pause.ts";
import { toChainError } from "../client/to-chain-error.ts";
import { adaptiveRange, type AdaptiveRange } from "./adaptive-range.ts";
import type { EventSource, IndexedBlock } from "./event-source.ts";
import { findAncestor } from "./find-ancestor.ts";
import type { IndexStore } from "./index-store.ts";
import { type Header, type LogFilter, logFilterOf, readEachBlock, readHeader, readStretch } from "./read-blocks.ts";

/** How deep a reorganisation can go and be followed. */
export const REORG_DEPTH = 64;

export interface IndexOptions {
  chain: Chain;
  sources: readonly Pick<EventSource, "address" | "abi" | "fromBlock">[];
  store: IndexStore;
  /** Keeps blocks this deep, and {@link REORG_DEPTH} in any case. */
  depth?: number;
  /** Ends the indexing; what is being written is finished first. */
  signal: AbortSignal;
  /** Told at the start, and after every step forward or back, when it is written; the next waits for it. */
  onProgress?(progress: IndexProgress): Promise<void> | void;
  /** Told when the chain or the store is away, and again at every vain try; `error` null when it is back. */
  onFault?(error: StoaError | null, attempt: number): void;
  pollMs?: number;
  /** Most blocks asked for at once. */
  maxRange?: number;
}

/** How far the index is. */
export interface IndexProgress {
  /** The newest block that was read. */
  cursor: IndexedBlock;
  /** The blocks that are kept, the cursor first. */
  kept: readonly IndexedBlock[];
  /** The chain's newest block. */
  head: number;
  /** The first block of all. */
  fromBlock: number;
  /** Events of this step. */
  events: number;
  /** Blocks that left the chain and were forgotten, instead of a step forward; otherwise 0. */
  rewound: number;
  /** Blocks to be asked for next. */
  range: number;
}

const MAX_BACKOFF_MS = 15_000;

/**
 * Keeps an index of the sources' events as long as the signal lets it. Far behind the head it reads in ranges as wide as
 * the provider answers for; near it block by block, each known by its hash and its parent's. When the chain turns, the
 * index goes back to the last block that is still in it.
 *
 * States: reading → (chain or store away) retrying → reading; reading → (the chain turned) rewinding → reading;
 * reading → (signal) ended; rewinding → (none of the kept blocks is in the chain) failed.
 * @throws {StoaError} `chain_reorganised` when the chain turned deeper than the index keeps blocks; what `onProgress`
 * throws
 */
export async function indexChain(options: IndexOptions): Promise<void> {
  const { chain, store, sources, signal, pollMs = 1_000, maxRange = 10_000, onFault } = options;
  const depth = Math.max(REORG_DEPTH, options.depth ?? 0);
  const indexing: Indexing = {
    chain,
    store,
    filter: logFilterOf(sources),
    fromBlock: Math.min(...sources.map(({ fromBlock }) => fromBlock)),
    depth,
    range: adaptiveRange({ start: 2_000, max: maxRange }),
  };
  let kept: IndexedBlock[] | null = null;
  let attempt = 0;
  let isTold = false;
  while (!signal.aborted) {
    let step: Step;
    try {
      if (!kept) await store.follow(sources);
      kept ??= await store.blocks();
      step = await takeStep(indexing, kept);
    } catch (cause) {
      const error = toChainError(cause, `reading chain ${chain.chainId}`);
      if (error.definition.kind !== "retry" || error.code === "chain_reorganised") throw error;
      kept = null;
      attempt += 1;
      onFault?.(error, attempt);
      const growing = Math.min(MAX_BACKOFF_MS, pollMs * 2 ** Math.min(attempt - 1, 10));
      // Asking a provider again and again costs; our own store does not mind.
      await pause(error.code === "chain_unavailable" ? growing : pollMs, signal);
      continue;
    }
    if (attempt > 0) onFault?.(null, attempt);
    attempt = 0;
    kept = step.kept;
    const [cursor] = kept ?? [];
    if (kept && cursor && (step.moved || !isTold)) {
      isTold = true;
      const { head, events, rewound } = step;
      const { fromBlock, range } = indexing;
      await options.onProgress?.({ cursor, kept, head, fromBlock, events, rewound, range: range.size });
    }
    if (!step.moved) await pause(pollMs, signal);
  }
}

interface Indexing {
  chain: Chain;
  store: IndexStore;
  filter: LogFilter;
  fromBlock: number;
  depth: number;
  range: AdaptiveRange;
}

interface Step {
  /** Null when another process wrote meanwhile, and what is kept must be read anew. */
  kept: IndexedBlock[] | null;
  head: number;
  /** Whether the cursor moved: then there may be more to do at once. */
  moved: boolean;
  events: number;
  rewound: number;
}

async function takeStep(indexing: Indexing, kept: IndexedBlock[]): Promise<Step> {
  const { chain, fromBlock, depth } = indexing;
  const head = await readHeader(chain, "latest");
  if (!head) throw new StoaError("chain_unavailable", "the chain has no newest block");
  const [cursor] = kept;
  const still: Step = { kept, head: head.number, moved: false, events: 0, rewound: 0 };
  if (cursor?.hash === head.hash) return still;
  if (!cursor && fromBlock > 0) return seed(indexing, head);
  if (cursor && head.number <= cursor.number) return lookBack(indexing, kept, head);
  const from = cursor ? cursor.number + 1 : fromBlock;
  const isFar = head.number - from >= depth;
  return isFar ? readFar(indexing, kept, head, from) : readNear(indexing, kept, head, from);
}

/** Keeps blocks below the first, so that even the sources' own deployment may leave the chain. */
async function seed(indexing: Indexing, head: Header): Promise<Step> {
  const { chain, store, fromBlock, depth } = indexing;
  const last = fromBlock - 1;
  const still: Step = { kept: [], head: head.number, moved: false, events: 0, rewound: 0 };
  if (last > head.number) return still;
  const first = head.number - last > depth ? last : Math.max(0, last - depth);
  const read = await readEachBlock(chain, indexing.filter, { from: first, to: last });
  if (!read) return still;
  const blocks = read.headers.map(toIndexed);
  if (!(await store.append({ after: null, blocks, events: [], keepFrom: first }))) return { ...still, kept: null };
  return { ...still, kept: blocks.toReversed(), moved: true };
}

/** The head is not above the cursor: the chain turned, or whoever answers has not heard of the cursor yet. */
async function lookBack(indexing: Indexing, kept: IndexedBlock[], head: Header): Promise<Step> {
  const [cursor] = kept;
  const same = kept.find(({ number }) => number === head.number);
  if (same?.hash !== head.hash) return rewind(indexing, kept, head);
  throw new StoaError(
    "chain_unavailable",
    `the chain's head is block ${head.number}, behind block ${cursor?.number} that was read before`,
  );
}

async function readNear(indexing: Indexing, kept: IndexedBlock[], head: Header, from: number): Promise<Step> {
  const { chain, filter, depth } = indexing;
  const to = Math.min(head.number, from + depth - 1);
  const read = await readEachBlock(chain, filter, { from, to });
  const still: Step = { kept, head: head.number, moved: false, events: 0, rewound: 0 };
  if (!read) return still;
  const [cursor] = kept;
  if (cursor && read.headers[0]?.parentHash !== cursor.hash) return rewind(indexing, kept, head);
  return write(indexing, kept, head, { blocks: read.headers.map(toIndexed), events: read.events });
}

async function readFar(indexing: Indexing, kept: IndexedBlock[], head: Header, from: number): Promise<Step> {
  const { chain, filter, depth, range } = indexing;
  const [cursor] = kept;
  const still: Step = { kept, head: head.number, moved: false, events: 0, rewound: 0 };
  if (cursor && (await readHeader(chain, cursor.number))?.hash !== cursor.hash) return rewind(indexing, kept, head);
  const to = Math.min(from + range.size - 1, head.number - depth);
  let read: Awaited<ReturnType<typeof readStretch>>;
  try {
    read = await readStretch(chain, filter, { from, to });
  } catch (cause) {
    // The same step again, for fewer blocks.
    if (isAway(cause) || !range.failed()) throw cause;
    return { ...still, moved: true };
  }
  range.succeeded();
  return read ? write(indexing, kept, head, { blocks: [toIndexed(read.last)], events: read.events }) : still;
}

/** Whether nobody answered at all: then fewer blocks would not help. */
function isAway(cause: unknown): boolean {
  return cause instanceof HttpRequestError && (cause.status === undefined || cause.status === 429);
}

async function write(
  { store, depth }: Indexing,
  kept: IndexedBlock[],
  head: Header,
  { blocks, events }: Pick<Parameters<IndexStore["append"]>[0], "blocks" | "events">,
): Promise<Step> {
  const step: Step = { kept: null, head: head.number, moved: false, events: events.length, rewound: 0 };
  const keepFrom = (blocks.at(-1)?.number ?? 0) - depth;
  if (!(await store.append({ after: kept[0] ?? null, blocks, events, keepFrom }))) return step;
  const next = [...blocks.toReversed(), ...kept].filter(({ number }) => number >= keepFrom);
  return { ...step, kept: next, moved: true };
}

async function rewind({ chain, store }: Indexing, kept: IndexedBlock[], head: Header): Promise<Step> {
  const [cursor] = kept;
  const ancestor = await findAncestor(chain, kept);
  const step: Step = { kept, head: head.number, moved: false, events: 0, rewound: 0 };
  // The chain turned back meanwhile, or whoever answers now is of another mind.
  if (!cursor || ancestor.hash === cursor.hash) return step;
  await store.rewind(ancestor);
  const rewound = cursor.number - ancestor.number;
  return { ...step, kept: kept.filter(({ number }) => number <= ancestor.number), moved: true, rewound };
}

function toIndexed({ number, hash, parentHash }: Header): IndexedBlock {
  return { number, hash, parentHash };
}
