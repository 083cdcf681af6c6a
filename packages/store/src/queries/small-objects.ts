import type { Hash } from "@stoa/protocol";
import type { Queryable } from "../database/database.ts";

/** Bytes under their own SHA-256. */
export interface SmallObject {
  hash: Hash;
  bytes: Uint8Array;
}

/** Keeps objects; those that are there already stay as they are. */
export async function insertSmallObjects(database: Queryable, objects: readonly SmallObject[]): Promise<void> {
  const rows = objects.map(({ hash, bytes }) => [hash.slice(2), Buffer.from(bytes).toString("base64")]);
  await database.query(
    `insert into small_objects (hash, bytes)
     select decode(object ->> 0, 'hex'), decode(object ->> 1, 'base64') from json_array_elements($1::json) as object
     on conflict do nothing`,
    [JSON.stringify(rows)],
  );
}

/** The objects of these hashes that are there. */
export function findSmallObjects(database: Queryable, hashes: readonly Hash[]): Promise<SmallObject[]> {
  return database.query<SmallObject>(
    `select '0x' || encode(hash, 'hex') as hash, bytes
       from small_objects where hash = any(select decode(substr(name, 3), 'hex') from unnest($1::text[]) as name)`,
    [hashes],
  );
}
