import type { RoundInputs } from "@stoa/core";
import { type Address, BID_REASON, type SheetAnswer, type Signature, StoaError, type WireTyped } from "@stoa/protocol";
import type { Queryable } from "@stoa/store";

export interface NodeLinkRow {
  link: WireTyped<"NodeLink">;
  linkSignature: Signature;
}

/** The links of the nodes that were asked, as their providers signed them, in the order given. */
export async function linksOf(database: Queryable, asked: readonly Address[]): Promise<NodeLinkRow[]> {
  const rows = await database.query<NodeLinkRow & { node: Address }>(
    'select id as node, link, link_signature as "linkSignature" from nodes where id = any($1::text[])',
    [asked],
  );
  const linkOf = new Map(rows.map(({ node, ...link }) => [node, link]));
  return asked.map((node) => {
    const link = linkOf.get(node);
    if (!link) throw new StoaError("internal", `the asked node ${node} has no link`);
    return link;
  });
}

/** The agent versions that were bid with, as their creators published them. */
export async function versionsOf(
  database: Queryable,
  answers: readonly SheetAnswer[],
): Promise<RoundInputs["versions"]> {
  const ids = new Set(answers.flatMap(({ reason, agentVersion }) => (reason === BID_REASON ? [agentVersion] : [])));
  if (ids.size === 0) return [];
  return database.query<RoundInputs["versions"][number]>(
    "select creator, manifest, signature from agents where version_id = any($1::text[])",
    [[...ids]],
  );
}
