import type { MarketEvents } from "@stoa/protocol";
import type { Narration } from "../task/narration.ts";
import { shortId } from "../terminal/short-id.ts";

type AuctionType = Extract<keyof MarketEvents, `auction.${string}`>;
type Told<Type extends AuctionType> = { type: Type; at: number; data: MarketEvents[Type] };
/** What is told of an auction: a bid may come without the end that it left. */
type AuctionTold =
  | Exclude<{ [Type in AuctionType]: Told<Type> }[AuctionType], Told<"auction.bid">>
  | { type: "auction.bid"; at: number; data: Omit<MarketEvents["auction.bid"], "endsAt"> };

/** Tells what happened in an open auction, as far as it was not told yet. */
export async function tellAuction(narration: Narration, { type, at, data }: AuctionTold): Promise<void> {
  const { colours, market, terminal } = narration;
  const { money } = market;
  switch (type) {
    case "auction.opened":
      if (!narration.once(`auction ${data.auctionId}`)) return;
      narration.say("auction", `${shortId(data.auctionId)} opened among ${data.nodes} nodes, bids are public`, at);
      narration.add(`from ${money.format(data.reserve)} down in steps of ${money.bare(data.decrement)} at least`);
      return terminal.waiting("waiting for bids");
    case "auction.bid":
      if (!narration.once(`bid ${data.auctionId} ${data.number}`)) return;
      narration.say("lead", `${colours.bold(money.format(data.price))}  ${await narration.nameOf(data.node)}`, at);
      return terminal.waiting(`${money.format(data.price)} leads`);
    case "auction.outbid":
      // The lead before says the same to whoever watches; its own node is told on its stream.
      return;
    case "auction.extended":
      if (narration.once(`extended ${data.auctionId} ${data.endsAt}`))
        narration.add(colours.dim(`extended to ${new Date(data.endsAt).toISOString()}`));
      return;
    case "auction.closed": {
      if (!narration.once(`closed ${data.auctionId}`)) return;
      const why = data.reason === "all_out" ? "nobody goes lower" : data.reason;
      const won = data.node === null ? "" : `: ${await narration.nameOf(data.node)} at its own bid`;
      return narration.say("closed", `after ${data.bids} bids, ${why}${won}`, at);
    }
  }
}
