import type { Address, Hash } from "@stoa/protocol";
import type { Database, Queryable } from "../database/database.ts";

export interface ChainBlockRow {
  number: number;
  hash: Hash;
  parentHash: Hash;
}

export interface ChainEventRow {
  blockNumber: number;
  blockHash: Hash;
  txHash: Hash;
  logIndex: number;
  /** In lower case. */
  address: Address;
  topics: Hash[];
  data: Hash;
  /** Epoch milliseconds. */
  at: number;
}

/** The blocks of a chain that are kept, the newest first. */
export async function listChainBlocks(database: Queryable, chainId: number): Promise<ChainBlockRow[]> {
  const rows = await database.query<Omit<ChainBlockRow, "number"> & { number: bigint }>(
    `select number, hash, parent_hash as "parentHash" from chain_blocks where chain_id = $1::bigint order by number desc`,
    [chainId],
  );
  return rows.map((row) => ({ ...row, number: Number(row.number) }));
}

/**
 * Writes what follows on the cursor: blocks to keep, events, and the last block as the new cursor, in one transaction.
 * @param stretch.after the cursor's hash; null when there is none yet
 * @returns false, with nothing written, when the cursor is another
 */
export function appendChainBlocks(
  database: Database,
  chainId: number,
  stretch: {
    after: Hash | null;
    blocks: readonly ChainBlockRow[];
    events: readonly ChainEventRow[];
    keepFrom: number;
  },
): Promise<boolean> {
  const { after, blocks, events, keepFrom } = stretch;
  const last = blocks.at(-1);
  return database.transaction(async (tx) => {
    const moved = await tx.query(after === null ? FIRST_CURSOR : NEXT_CURSOR, [
      chainId,
      last?.number,
      last?.hash,
      ...(after === null ? [] : [after]),
    ]);
    if (moved.length === 0) return false;
    await tx.query(INSERT_BLOCKS, [chainId, JSON.stringify(blocks)]);
    await tx.query("delete from chain_blocks where chain_id = $1::bigint and number < $2::bigint", [chainId, keepFrom]);
    if (events.length > 0) await tx.query(INSERT_EVENTS, [chainId, JSON.stringify(events)]);
    return true;
  });
}

const FIRST_CURSOR = `insert into chain_indexes (chain_id, block_number, block_hash) values ($1::bigint, $2::bigint, $3)
  on conflict do nothing returning chain_id`;
const NEXT_CURSOR = `update chain_indexes set block_number = $2::bigint, block_hash = $3
  where chain_id = $1::bigint and block_hash = $4 returning chain_id`;
const INSERT_BLOCKS = `insert into chain_blocks (chain_id, number, hash, parent_hash)
  select $1::bigint, number, hash, "parentHash"
    from json_to_recordset($2::json) as block (number bigint, hash text, "parentHash" text)`;
const INSERT_EVENTS = `insert into chain_events
    (chain_id, block_number, log_index, block_hash, tx_hash, address, topics, data, at)
  select $1::bigint, "blockNumber", "logIndex", "blockHash", "txHash", address,
         array(select json_array_elements_text(topics)), data, to_timestamp(at / 1000.0)
    from json_to_recordset($2::json) as event ("blockNumber" bigint, "logIndex" integer, "blockHash" text,
         "txHash" text, address text, topics json, data text, at bigint)`;

/** Forgets a chain's blocks and events above a block that is kept, which becomes the cursor. */
export function rewindChain(
  database: Database,
  chainId: number,
  to: Pick<ChainBlockRow, "number" | "hash">,
): Promise<void> {
  return database.transaction(async (tx) => {
    await tx.query("update chain_indexes set block_number = $2::bigint, block_hash = $3 where chain_id = $1::bigint", [
      chainId,
      to.number,
      to.hash,
    ]);
    for (const [table, column] of [
      ["chain_blocks", "number"],
      ["chain_events", "block_number"],
    ] as const)
      await tx.query(`delete from ${table} where chain_id = $1::bigint and ${column} > $2::bigint`, [
        chainId,
        to.number,
      ]);
  });
}

/**
 * Remembers which contracts are followed. When one is new whose first block was passed, the chain's index is forgotten,
 * to be read again with it.
 */
export function followChainSources(
  database: Database,
  chainId: number,
  sources: readonly { address: Address; fromBlock: number }[],
): Promise<void> {
  return database.transaction(async (tx) => {
    const added = await tx.query<{ fromBlock: bigint }>(
      `insert into chain_sources (chain_id, address, from_block)
       select $1::bigint, lower(address), "fromBlock"
         from json_to_recordset($2::json) as source (address text, "fromBlock" bigint)
       on conflict do nothing returning from_block as "fromBlock"`,
      [chainId, JSON.stringify(sources.map(({ address, fromBlock }) => ({ address, fromBlock })))],
    );
    const [cursor] = await tx.query<{ number: bigint }>(
      "select block_number as number from chain_indexes where chain_id = $1::bigint for update",
      [chainId],
    );
    if (!cursor || added.every(({ fromBlock }) => fromBlock > cursor.number)) return;
    for (const table of ["chain_events", "chain_blocks", "chain_indexes"])
      await tx.query(`delete from ${table} where chain_id = $1::bigint`, [chainId]);
  });
}

/** The events of some contracts in a stretch of blocks, in the chain's order. */
export async function listChainEvents(
  database: Queryable,
  chainId: number,
  { addresses, from, to }: { addresses: readonly Address[]; from: number; to: number },
): Promise<ChainEventRow[]> {
  const rows = await database.query<Omit<ChainEventRow, "blockNumber"> & { blockNumber: bigint }>(
    `select block_number as "blockNumber", block_hash as "blockHash", tx_hash as "txHash", log_index as "logIndex",
            address, topics, data, at
       from chain_events
      where chain_id = $1::bigint and address = any($2::text[]) and block_number between $3::bigint and $4::bigint
      order by block_number, log_index`,
    [chainId, addresses.map((address) => address.toLowerCase()), from, to],
  );
  return rows.map((row) => ({ ...row, blockNumber: Number(row.blockNumber) }));
}
