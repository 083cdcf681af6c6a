import type { RoundInputs } from "@stoa/core";
import {
  type Address,
  type RoundId,
  type RoundOpening,
  type RoundSnapshot,
  type SheetAnswer,
  type Signature,
  StoaError,
  type WireTyped,
} from "@stoa/protocol";
import type { Queryable } from "@stoa/store";
import { linksOf, versionsOf } from "./load-asked.ts";

interface RoundRow {
  opening: RoundOpening;
  openingSignature: Signature;
  snapshot: RoundSnapshot;
}

interface SheetRow {
  node: Address;
  sheet: WireTyped<"BidSheet">;
  signature: Signature;
  answers: SheetAnswer[];
  receipt: Signature;
}

/**
 * Everything a round is decided by, as it was signed and received.
 * @throws {StoaError} `not_found`
 */
export async function loadRound(
  database: Queryable,
  roundId: RoundId,
  close: RoundInputs["close"],
): Promise<RoundInputs> {
  const [[round], sheets] = await Promise.all([
    database.query<RoundRow>(
      'select opening, opening_signature as "openingSignature", snapshot from rounds where id = $1',
      [roundId],
    ),
    database.query<SheetRow>(
      "select node, sheet, signature, answers, receipt_signature as receipt from sheets where round_id = $1",
      [roundId],
    ),
  ]);
  if (!round) throw new StoaError("not_found", `there is no round ${roundId}`);
  const asked = round.opening.asked.map(({ node }) => node);
  const [links, versions] = await Promise.all([
    linksOf(database, asked),
    versionsOf(
      database,
      sheets.flatMap(({ answers }) => answers),
    ),
  ]);
  const sheetOf = new Map(sheets.map(({ node, ...sheet }) => [node, sheet]));
  const nodes = asked.map((node, at) => ({ ...links[at]!, sheet: sheetOf.get(node) ?? null }));
  return { ...round, nodes, versions, close };
}
