import type { SettlementEvidence } from "@stoa/chain";
import { openSheet } from "@stoa/core";
import {
  type Address,
  decodeTyped,
  type RoundId,
  type SheetAnswer,
  type Signature,
  type TaskId,
  type WireTyped,
} from "@stoa/protocol";
import type { Database } from "@stoa/store";

/** A node's bid for a task, as the vault is shown it. */
export type WinningBid = Pick<SettlementEvidence, "sheet" | "sheetSignature" | "bid" | "proof">;

interface AwardedTask {
  taskId: TaskId;
  roundId: RoundId;
  node: Address;
}

interface SheetRow {
  roundId: RoundId;
  node: Address;
  sheet: WireTyped<"BidSheet">;
  signature: Signature;
  answers: SheetAnswer[];
}

const keyOf = ({ roundId, node }: { roundId: RoundId; node: Address }) => `${roundId} ${node}`;

/**
 * The bids that awards were made on, with their proofs. Tasks of one round share its sheets: each is read, and its tree
 * built, once.
 * @returns in the order given
 */
export async function loadWinningBids(
  database: Pick<Database, "query">,
  tasks: readonly AwardedTask[],
): Promise<WinningBid[]> {
  if (tasks.length === 0) return [];
  const keys = [...new Map(tasks.map(({ roundId, node }) => [keyOf({ roundId, node }), { roundId, node }])).values()];
  const rows = await database.query<SheetRow>(
    `select sheets.round_id as "roundId", sheets.node, sheet, signature, answers
       from json_to_recordset($1::json) as key ("roundId" text, node text)
       join sheets on sheets.round_id = key."roundId" and sheets.node = key.node`,
    [JSON.stringify(keys)],
  );
  const sheets = new Map(rows.map((row) => [keyOf(row), { row, opened: openSheet(row.answers) }]));
  return tasks.map((task) => {
    const sheet = sheets.get(keyOf(task));
    const proven = sheet?.opened.prove(task.taskId);
    if (!sheet || !proven) throw new TypeError(`no sheet of ${task.node} answers for ${task.taskId}`);
    const { agentVersion, ask, promisedSeconds } = proven.answer;
    return {
      sheet: decodeTyped("BidSheet", sheet.row.sheet),
      sheetSignature: sheet.row.signature,
      bid: { agentVersion, ask: BigInt(ask), promisedSeconds },
      proof: proven.proof,
    };
  });
}
