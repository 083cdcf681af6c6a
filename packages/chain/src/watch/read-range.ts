import { isAddressEqual, type Log } from "viem";
import type { Address } from "@stoa/protocol";
import type { Chain } from "../client/connect-chain.ts";
import { decodeNodesLog } from "./decode-nodes-log.ts";
import { decodeVaultLog } from "./decode-vault-log.ts";
import type { BlockCursor, VaultBatch, VaultRecord } from "./vault-record.ts";

type MinedLog = Log<bigint, number, false>;

/** The contracts whose logs are read as one. */
export interface Watched {
  vault: Address;
  /** Holds the stakes behind the vault's awards. */
  nodes: Address;
}

/**
 * Reads the records of a vault and its contract of stakes of whole blocks, from one and the same chain: null when the chain moved while it was read.
 * A record stands in the batch only if its block is the chain's block of that number.
 */
export async function readRange(
  chain: Chain,
  { vault, nodes }: Watched,
  fromBlock: number,
  toBlock: number,
): Promise<VaultBatch | null> {
  const last = await blockAt(chain, toBlock);
  const logs = await chain.client.getLogs({
    address: [vault, nodes],
    fromBlock: BigInt(fromBlock),
    toBlock: BigInt(toBlock),
  });
  const numbers = [...new Set(logs.map((log) => Number(log.blockNumber)))];
  const blocks = new Map(
    await Promise.all(numbers.map(async (number) => [number, await blockAt(chain, number)] as const)),
  );
  const records: VaultRecord[] = [];
  for (const log of logs) {
    const block = blocks.get(Number(log.blockNumber));
    if (!block || block.hash !== log.blockHash) return null;
    const record = toRecord(log, nodes, block.at);
    if (record) records.push(record);
  }
  if ((await blockAt(chain, toBlock)).hash !== last.hash) return null;
  records.sort((left, right) => left.blockNumber - right.blockNumber || left.logIndex - right.logIndex);
  return { fromBlock, cursor: { number: toBlock, hash: last.hash }, records };
}

/** The hash and the time (epoch milliseconds) of a block. */
export async function blockAt(chain: Chain, number: number): Promise<BlockCursor & { at: number }> {
  const { hash, timestamp } = await chain.client.getBlock({ blockNumber: BigInt(number) });
  return { number, hash, at: Number(timestamp) * 1_000 };
}

function toRecord(log: MinedLog, nodes: Address, at: number): VaultRecord | null {
  const fact = isAddressEqual(log.address, nodes) ? decodeNodesLog(log) : decodeVaultLog(log);
  if (!fact) return null;
  return {
    ...fact,
    blockNumber: Number(log.blockNumber),
    blockHash: log.blockHash,
    txHash: log.transactionHash,
    logIndex: log.logIndex,
    at,
  };
}
