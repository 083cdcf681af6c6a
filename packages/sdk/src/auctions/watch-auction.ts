import type { Auction } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { liveFrames } from "../events/live-frames.ts";
import type { AnyEvent } from "../tasks/watch-task.ts";
import { getAuction } from "./get-auction.ts";

export type AuctionEvent = Extract<AnyEvent, { type: `auction.${string}` }>;

/** What a watched auction tells: how it stands now, or what happened in it. */
export type AuctionUpdate = { kind: "auction"; auction: Auction } | { kind: "event"; event: AuctionEvent };

export interface WatchAuction {
  signal?: AbortSignal;
  /** Gives up with `server_unavailable` when the market does not answer for so long; never when absent. */
  giveUpAfterMs?: number;
}

/**
 * Follows an open auction live until it closes: how it stands, every bid, outbid and extension, and how it ended. A lost
 * connection is taken up where it broke, with how the auction stands told again.
 * @example
 * for await (const update of client.auctions.watch(auctionId)) console.log(update);
 */
export async function* watchAuction(
  connection: Connection,
  id: string,
  { signal, giveUpAfterMs }: WatchAuction = {},
): AsyncGenerator<AuctionUpdate, void, void> {
  const frames = liveFrames(connection, {
    ...(signal ? { signal } : {}),
    ...(giveUpAfterMs === undefined ? {} : { giveUpAfterMs }),
  });
  for await (const frame of frames) {
    if (frame.kind === "open") {
      const auction = await getAuction(connection, id);
      yield { kind: "auction", auction };
      if (auction.state === "closed") return;
      continue;
    }
    for (const event of frame.events as AnyEvent[]) {
      if (!isAuctionEvent(event) || event.data.auctionId !== id) continue;
      yield { kind: "event", event };
      if (event.type !== "auction.closed") continue;
      yield { kind: "auction", auction: await getAuction(connection, id) };
      return;
    }
  }
}

function isAuctionEvent(event: AnyEvent): event is AuctionEvent {
  return event.type.startsWith("auction.");
}
