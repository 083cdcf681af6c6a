import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import {
  type Chain,
  decodeEvents,
  deposit,
  type EventSource,
  indexChain,
  type IndexOptions,
  type IndexProgress,
  type PlacedFact,
  type VaultFact,
  vaultSource,
} from "@stoa/chain";
import type { StoaError } from "@stoa/protocol";
import { type Database, listChainEvents } from "@stoa/store";
import { callAnvil, type MarketChain, startMarketChain } from "@stoa/testkit";
import { onTestFinished } from "vitest";
import { tableIndex } from "../../src/chain/table-index.ts";

/** A market's chain whose vault gets deposits. */
export interface PayingChain extends MarketChain {
  source: EventSource<VaultFact>;
  /** Whose deposits they are. */
  owner: Awaited<ReturnType<MarketChain["fundedAccount"]>>;
  pay(amount: bigint): Promise<unknown>;
  mine(blocks: number): Promise<unknown>;
  reorg(depth: number): Promise<unknown>;
  head(): Promise<number>;
  /** The logs the vault has by the chain itself. */
  keys(): Promise<string[]>;
}

export async function startPayingChain(): Promise<PayingChain> {
  const world = await startMarketChain();
  onTestFinished(() => world[Symbol.asyncDispose]());
  const owner = await world.fundedAccount(1_000_000n);
  const { vault, token, deployedAtBlock } = world.market;
  const { client } = world.chain;
  const source = vaultSource(vault, deployedAtBlock);
  await deposit(owner.sender, { vault, token, amount: 1n });
  return {
    ...world,
    owner,
    source,
    pay: (amount) => deposit(owner.sender, { vault, token, amount }),
    mine: (blocks) => callAnvil(world.anvil, "anvil_mine", [`0x${blocks.toString(16)}`]),
    reorg: (depth) => callAnvil(world.anvil, "anvil_reorg", [depth, []]),
    head: async () => Number(await client.getBlockNumber({ cacheTime: 0 })),
    async keys() {
      const logs = await client.getLogs({ address: vault, fromBlock: 0n, toBlock: "latest" });
      // What says nothing about money or orders, as that its authority was set when it was made, is no fact.
      const telling = logs.filter((log) => source.decode(log) !== null);
      return telling.map((log) => `${log.blockHash}:${log.logIndex}`);
    },
  };
}

/** An index under test: what it told and met, and how it ended. */
export interface Indexed {
  progress: IndexProgress[];
  faults: (StoaError | null)[];
  ended: Promise<void>;
  cursor(): number;
  stop(): Promise<void>;
}

export function startIndex(
  database: Database,
  chain: Chain,
  sources: IndexOptions["sources"],
  options: Partial<IndexOptions> = {},
): Indexed {
  const stopping = new AbortController();
  const progress: IndexProgress[] = [];
  const faults: (StoaError | null)[] = [];
  const ended = indexChain({
    chain,
    sources,
    store: tableIndex(database, chain.chainId),
    signal: stopping.signal,
    pollMs: 10,
    onProgress: (step) => void progress.push(step),
    onFault: (error) => faults.push(error),
    ...options,
  });
  // A failure is the test's to look at, when it awaits `ended`.
  ended.catch(() => undefined);
  return {
    progress,
    faults,
    ended,
    cursor: () => progress.at(-1)?.cursor.number ?? -1,
    async stop() {
      stopping.abort();
      await ended;
    },
  };
}

/** The index's events of a source, decoded. */
export async function factsOf(
  database: Database,
  chain: Chain,
  source: EventSource<VaultFact>,
): Promise<PlacedFact<VaultFact>[]> {
  const stretch = { addresses: [source.address], from: 0, to: 1_000_000_000 };
  const rows = await listChainEvents(database, chain.chainId, stretch);
  return decodeEvents(
    [source],
    rows.map((row) => ({ ...row, topics: row.topics as [`0x${string}`] })),
  );
}

export const keyOf = (fact: { blockHash: string; logIndex: number }) => `${fact.blockHash}:${fact.logIndex}`;

/** Waits for a condition, failing after 30 s. */
export async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + 30_000;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`not within 30 s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** A provider that answers `eth_getLogs` for so many blocks only, in another provider's words; and forgets blocks. */
export async function stingyProvider(
  rpcUrl: string,
): Promise<{ url: string; asked: number[]; allow(blocks: number): void; forget(times: number): void }> {
  let allowed = Number.POSITIVE_INFINITY;
  let forgetting = 0;
  const asked: number[] = [];
  const answer = async (request: { id: number; method: string; params?: unknown[] }): Promise<unknown> => {
    const [query] = (request.params ?? []) as [{ fromBlock?: string; toBlock?: string; blockHash?: string }?];
    if (request.method === "eth_getLogs" && query?.blockHash !== undefined && forgetting > 0) {
      forgetting -= 1;
      return { jsonrpc: "2.0", id: request.id, error: { code: -32_000, message: "unknown block" } };
    }
    if (request.method === "eth_getLogs" && query?.fromBlock !== undefined) {
      const blocks = Number(query.toBlock) - Number(query.fromBlock) + 1;
      asked.push(blocks);
      const error = { code: -32_602, message: `range ${blocks} exceeds limit of ${allowed}` };
      if (blocks > allowed) return { jsonrpc: "2.0", id: request.id, error };
    }
    const response = await fetch(rpcUrl, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(request),
    });
    return response.json();
  };
  const server: Server = createServer((request, response) => {
    void (async () => {
      const body = JSON.parse(await text(request)) as Parameters<typeof answer>[0] | Parameters<typeof answer>[0][];
      const answers = Array.isArray(body) ? await Promise.all(body.map(answer)) : await answer(body);
      response.setHeader("content-type", "application/json").end(JSON.stringify(answers));
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(() => resolve()));
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, asked, allow: (blocks) => (allowed = blocks), forget: (times) => (forgetting = times) };
}
