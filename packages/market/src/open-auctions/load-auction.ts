import type { AuctionRecordInputs } from "@stoa/core";
import { type Hash, StoaError, type TaskState } from "@stoa/protocol";
import { listAuctionOffers, type Queryable } from "@stoa/store";
import { linksOf, versionsOf } from "../rounds/load-asked.ts";

interface AuctionRow extends Pick<AuctionRecordInputs, "opening" | "openingSignature"> {
  taskState: TaskState;
}

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
  return {
    taskState,
    inputs: {
      opening,
      openingSignature,
      nodes: await linksOf(database, asked),
      versions: await versionsOf(
        database,
        offers.map(({ answer }) => answer),
      ),
      offers,
    },
  };
}
