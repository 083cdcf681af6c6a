import type { DeadLetter, DeadLetterKind, Page, PageQuery } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { requestJson } from "../http/request.ts";

/** Lists what gave up, of one kind: refused settlements unless another is asked for. */
export function listDeadLetters(
  connection: Connection,
  query: PageQuery & { kind?: DeadLetterKind } = {},
): Promise<Page<DeadLetter>> {
  return requestJson(connection, "/admin/dead-letters", { query });
}
