import { hashJson, StoaError, type TaskResult } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/**
 * Reads a delivered result, for its requester, and checks it against its hash.
 * @throws {StoaError} `wrong_hash` when the output is not what the node signed for
 */
export async function getResult(connection: Connection, id: string): Promise<TaskResult> {
  const result = await requestJson<TaskResult>(connection, `/tasks/${encodeURIComponent(id)}/result`);
  const actual = hashJson(result.output);
  if (actual !== result.hash)
    throw new StoaError("wrong_hash", `the result hashes to ${actual}, expected ${result.hash}`);
  return result;
}
