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
import type { EffectContext } from "./effect-context.ts";

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
 * Items with the bids that their awards were made on, and the bids' proofs. Tasks of one round share its sheets: each is
 * read, and its tree built, once. An item without its bid is told of and left out: it keeps no other waiting.
 */
export async function withWinningBids<Item extends AwardedTask>(
  { database, log }: Pick<EffectContext, "database" | "log">,
  items: readonly Item[],
): Promise<{ item: Item; bid: WinningBid }[]> {
  if (items.length === 0) return [];
  const keys = [...new Map(items.map(({ roundId, node }) => [keyOf({ roundId, node }), { roundId, node }])).values()];
  const rows = await database.query<SheetRow>(
    `select sheets.round_id as "roundId", sheets.node, sheet, signature, answers
       from json_to_recordset($1::json) as key ("roundId" text, node text)
       join sheets on sheets.round_id = key."roundId" and sheets.node = key.node`,
    [JSON.stringify(keys)],
  );
  const sheets = new Map(rows.map((row) => [keyOf(row), { row, opened: openSheet(row.answers) }]));
  return items.flatMap((item) => {
    const sheet = sheets.get(keyOf(item));
    const proven = sheet?.opened.prove(item.taskId);
    if (!sheet || !proven) {
      log.error({ taskId: item.taskId, node: item.node, roundId: item.roundId }, "an award's bid is not there");
      return [];
    }
    const { agentVersion, ask, promisedSeconds } = proven.answer;
    const bid = {
      sheet: decodeTyped("BidSheet", sheet.row.sheet),
      sheetSignature: sheet.row.signature,
      bid: { agentVersion, ask: BigInt(ask), promisedSeconds },
      proof: proven.proof,
    };
    return [{ item, bid }];
  });
}
