import { type Abi, type Hex, hexToNumber, numberToHex, toEventSelector } from "viem";
import { type Address, type Hash, StoaError } from "@stoa/protocol";
import type { Chain } from "../client/connect-chain.ts";
import type { ChainEvent, EventSource, IndexedBlock } from "./event-source.ts";

/** A block's header, as far as it matters. */
export interface Header extends IndexedBlock {
  /** The block's time in epoch milliseconds. */
  at: number;
}

/** What all sources' logs have in common, for `eth_getLogs`. */
export interface LogFilter {
  address: Address[];
  topics: [Hex[]];
}

interface RawLog {
  address: Address;
  topics: [] | [Hex, ...Hex[]];
  data: Hex;
  blockNumber: Hex;
  blockHash: Hash;
  transactionHash: Hash;
  logIndex: Hex;
  blockTimestamp?: Hex;
}

export function logFilterOf(sources: readonly Pick<EventSource, "address" | "abi">[]): LogFilter {
  const selectors = sources.flatMap(({ abi }) => selectorsOf(abi));
  return { address: sources.map(({ address }) => address), topics: [[...new Set(selectors)]] };
}

function selectorsOf(abi: Abi): Hex[] {
  return abi.flatMap((item) => (item.type === "event" ? [toEventSelector(item)] : []));
}

/** The header of a block; null when the chain has none of that number. */
export async function readHeader(chain: Chain, number: number | "latest"): Promise<Header | null> {
  const tag = number === "latest" ? number : numberToHex(number);
  const block = await chain.client.request({ method: "eth_getBlockByNumber", params: [tag, false] });
  if (!block?.hash || block.number === null) return null;
  const { hash, parentHash } = block;
  return { number: hexToNumber(block.number), hash, parentHash, at: hexToNumber(block.timestamp) * 1_000 };
}

/**
 * Reads consecutive blocks near the chain's head one by one, each event by its block's hash: whatever the chain does
 * meanwhile, block and events belong together. Null when the blocks do not stand on one another: the chain moved.
 */
export async function readEachBlock(
  chain: Chain,
  filter: LogFilter,
  { from, to }: { from: number; to: number },
): Promise<{ headers: Header[]; events: ChainEvent[] } | null> {
  const numbers = Array.from({ length: to - from + 1 }, (_, at) => from + at);
  const headers = await Promise.all(numbers.map((number) => readHeader(chain, number)));
  if (!areLinked(headers)) return null;
  const logs = await Promise.all(headers.map((header) => readLogsOf(chain, filter, header)));
  if (!logs.every((found) => found !== null)) return null;
  const events = logs.flat();
  const hashes = new Set(headers.map(({ hash }) => hash));
  return events.every(({ blockHash }) => hashes.has(blockHash)) ? { headers, events: inOrder(events) } : null;
}

/**
 * Null when the block is in the chain no more: providers say that in many ways, so the chain is asked. A block may also
 * leave and come back between two questions, and whoever answers the second may not have heard of it yet: so it is asked
 * for once more.
 */
async function readLogsOf(chain: Chain, filter: LogFilter, { number, hash, at }: Header): Promise<ChainEvent[] | null> {
  for (let isLast = false; ; isLast = true) {
    try {
      return (await getLogs(chain, { ...filter, blockHash: hash })).map((log) => toEvent(log, at));
    } catch (cause) {
      if ((await readHeader(chain, number))?.hash !== hash) return null;
      if (!isLast) continue;
      throw new StoaError("chain_unavailable", `the chain has block ${number}, and gives no events of it`, { cause });
    }
  }
}

function areLinked(headers: readonly (Header | null)[]): headers is Header[] {
  return headers.every((header, at) => header && (at === 0 || headers[at - 1]?.hash === header.parentHash));
}

/** Reads the events of many blocks that are too deep to leave the chain, in one request; and the last block's header. */
export async function readStretch(
  chain: Chain,
  filter: LogFilter,
  { from, to }: { from: number; to: number },
): Promise<{ last: Header; events: ChainEvent[] } | null> {
  const [last, logs] = await Promise.all([
    readHeader(chain, to),
    getLogs(chain, { ...filter, fromBlock: numberToHex(from), toBlock: numberToHex(to) }),
  ]);
  if (!last) return null;
  const untimed = logs.filter(({ blockTimestamp }) => blockTimestamp === undefined);
  const numbers = [...new Set(untimed.map((log) => hexToNumber(log.blockNumber)))];
  const headers = new Map<number, Header | null>(
    await Promise.all(numbers.map(async (number) => [number, await readHeader(chain, number)] as const)),
  );
  const events: ChainEvent[] = [];
  for (const log of logs) {
    const header = headers.get(hexToNumber(log.blockNumber));
    if (header && header.hash !== log.blockHash) return null;
    const at = log.blockTimestamp === undefined ? header?.at : hexToNumber(log.blockTimestamp) * 1_000;
    if (at === undefined) return null;
    events.push(toEvent(log, at));
  }
  return { last, events: inOrder(events) };
}

type LogQuery = LogFilter & ({ blockHash: Hash } | { fromBlock: Hex; toBlock: Hex });

async function getLogs(chain: Chain, query: LogQuery): Promise<RawLog[]> {
  // What a mined log always has, which the client's own type leaves open.
  const logs: unknown = await chain.client.request({ method: "eth_getLogs", params: [query] });
  return logs as RawLog[];
}

function toEvent(log: RawLog, at: number): ChainEvent {
  return {
    blockNumber: hexToNumber(log.blockNumber),
    blockHash: log.blockHash,
    txHash: log.transactionHash,
    logIndex: hexToNumber(log.logIndex),
    address: log.address.toLowerCase() as Address,
    topics: log.topics,
    data: log.data,
    at,
  };
}

function inOrder(events: ChainEvent[]): ChainEvent[] {
  return events.sort((left, right) => left.blockNumber - right.blockNumber || left.logIndex - right.logIndex);
}
