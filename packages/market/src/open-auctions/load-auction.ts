import type { AuctionRecordInputs } from "@stoa/core";
import { type Address, BID_REASON, type Hash, StoaError, type TaskState } from "@stoa/protocol";
import { listAuctionOffers, type Queryable } from "@stoa/store";

interface AuctionRow extends Pick<AuctionRecordInputs, "opening" | "openingSignature"> {
  taskState: TaskState;
}

type LinkRow = AuctionRecordInputs["nodes"][number] & { node: Address };

/** Everything an open auction is decided by, as it was signed and received, and how its task stands. */
export async function loadAuction(
  database: Queryable,
  auctionId: Hash,
): Promise<{ inputs: AuctionRecordInputs; taskState: TaskState }> {
  const [auction] = await database.query<AuctionRow>(
    `select opening, opening_signature as "openingSignature", tasks.state as "taskState"
       from open_auctions join tasks on tasks.id = task_id where open_auctions.id = $1`,
    [auctionId],
  );
  if (!auction) throw new StoaError("not_found", `there is no auction ${auctionId}`);
  const { opening, openingSignature, taskState } = auction;
  const rows = await listAuctionOffers(database, auctionId);
  const offers = rows.map(({ at, sheet, signature, answer, receipt }) => ({ at, sheet, signature, answer, receipt }));
  const asked = opening.asked.map(({ node }) => node);
  const links = await database.query<LinkRow>(
    'select id as node, link, link_signature as "linkSignature" from nodes where id = any($1::text[])',
    [asked],
  );
  return {
    taskState,
    inputs: {
      opening,
      openingSignature,
      nodes: asked.map((node) => linkOf(node, links)),
      versions: await versionsOf(database, offers),
      offers,
    },
  };
}

function linkOf(asked: Address, links: readonly LinkRow[]): AuctionRecordInputs["nodes"][number] {
  const row = links.find(({ node }) => node === asked);
  if (!row) throw new StoaError("internal", `the asked node ${asked} has no link`);
  return { link: row.link, linkSignature: row.linkSignature };
}

async function versionsOf(
  database: Queryable,
  offers: AuctionRecordInputs["offers"],
): Promise<AuctionRecordInputs["versions"]> {
  const bids = offers.filter(({ answer }) => answer.reason === BID_REASON);
  const ids = new Set(bids.map(({ answer }) => answer.agentVersion));
  if (ids.size === 0) return [];
  return database.query<AuctionRecordInputs["versions"][number]>(
    "select creator, manifest, signature from agents where version_id = any($1::text[])",
    [[...ids]],
  );
}
