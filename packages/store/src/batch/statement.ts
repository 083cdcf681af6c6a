import type { Queryable } from "../database/database.ts";

/** A statement whose parameters are text already: what it writes is settled before it is sent. */
export interface Statement {
  readonly text: string;
  readonly params: readonly unknown[];
  /** @throws when the rows that came back are not those that must */
  check?(rows: readonly Record<string, unknown>[]): void;
}

/**
 * Sends statements one behind another without waiting for each, and returns the rows of each.
 * @throws what the first of them failed with, once all are done
 */
export async function sendStatements(
  tx: Queryable,
  statements: readonly Statement[],
): Promise<Record<string, unknown>[][]> {
  const settled = await Promise.allSettled(statements.map(({ text, params }) => tx.query(text, params)));
  return settled.map((result, at) => {
    if (result.status === "rejected") throw result.reason;
    statements[at]?.check?.(result.value);
    return result.value;
  });
}
