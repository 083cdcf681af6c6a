import type { RoundInputs } from "@stoa/core";
import {
  type Address,
  type Hash,
  type RoundId,
  type RoundOpening,
  type RoundSnapshot,
  type SheetAnswer,
  type Signature,
  StoaError,
  type WireTyped,
} from "@stoa/protocol";
import type { Queryable } from "@stoa/store";

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

interface NodeRow {
  node: Address;
  link: WireTyped<"NodeLink">;
  linkSignature: Signature;
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
    database.query<NodeRow>(
      'select id as node, link, link_signature as "linkSignature" from nodes where id = any($1::text[])',
      [asked],
    ),
    versionsOf(database, sheets),
  ]);
  const linkOf = new Map(links.map((row) => [row.node, row]));
  const sheetOf = new Map(sheets.map((row) => [row.node, row]));
  return { ...round, nodes: asked.map((node) => nodeOf(node, linkOf.get(node), sheetOf.get(node))), versions, close };
}

function nodeOf(
  node: Address,
  link: NodeRow | undefined,
  answered: SheetRow | undefined,
): RoundInputs["nodes"][number] {
  if (!link) throw new StoaError("internal", `the asked node ${node} has no link`);
  return {
    link: link.link,
    linkSignature: link.linkSignature,
    sheet: answered
      ? { sheet: answered.sheet, signature: answered.signature, answers: answered.answers, receipt: answered.receipt }
      : null,
  };
}

async function versionsOf(database: Queryable, sheets: readonly SheetRow[]): Promise<RoundInputs["versions"]> {
  const ids = new Set<Hash>(sheets.flatMap(({ answers }) => answers.map(({ agentVersion }) => agentVersion)));
  if (ids.size === 0) return [];
  return database.query<RoundInputs["versions"][number]>(
    "select creator, manifest, signature from agents where version_id = any($1::text[])",
    [[...ids]],
  );
}
