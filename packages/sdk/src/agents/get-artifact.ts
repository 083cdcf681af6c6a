import { type Hash, hashBytes, StoaError } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestBytes } from "../http/request.ts";

/**
 * Reads an artifact and checks it against its hash.
 * @throws {StoaError} `wrong_hash` when the bytes are others
 */
export async function getArtifact(connection: Connection, hash: Hash): Promise<Uint8Array> {
  const bytes = await requestBytes(connection, `/artifacts/${hash}`);
  const actual = hashBytes(bytes);
  if (actual !== hash) throw new StoaError("wrong_hash", `the artifact hashes to ${actual}, expected ${hash}`);
  return bytes;
}
