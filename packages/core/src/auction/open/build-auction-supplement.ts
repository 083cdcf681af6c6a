import {
  type Address,
  decodeTyped,
  type Hash,
  hashJson,
  type NodeFault,
  type OpenAuctionRecord,
  type OpenAward,
  openBidId,
  type OpenSupplement,
  StoaError,
} from "@stoa/protocol";
import { type Damages, damages } from "../damages.ts";
import { openAward } from "./open-award.ts";
import type { OpenLead } from "./next-auction-state.ts";
import { replayAuction } from "./replay-auction.ts";

/** A node's fault on an auctioned task, and who could take it over. */
export interface AuctionFault {
  record: OpenAuctionRecord;
  /** The auction's supplements so far, oldest first. */
  earlier: readonly OpenSupplement[];
  fault: { node: Address; orderHash: Hash; reason: NodeFault; at: number };
  /** Nodes with a free slot now; those without an unexpired bid, or that failed the task, are left out here. */
  freeNodes: readonly Address[];
}

const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

/** The award in force: the last supplement's, else the auction's own. */
function auctionAwardInForce(record: OpenAuctionRecord, earlier: readonly OpenSupplement[]): OpenAward | null {
  const last = earlier.at(-1);
  return last ? last.award : record.body.outcome.award;
}

/** The lowest bid of each other node that may take the task over, the lowest of all first. */
function standingBids({ record, earlier, fault, freeNodes }: AuctionFault): OpenLead[] {
  const failed = [...earlier.map((supplement) => supplement.fault.node), fault.node];
  const lowest = new Map<string, OpenLead>();
  // The price only falls: a node's last bid is its lowest.
  for (const { number, node, agentVersion, ask, royalty } of replayAuction(record.body).bids) {
    lowest.set(node.toLowerCase(), { number, node, agentVersion, ask, royalty, price: ask + royalty });
  }
  return [...lowest.values()]
    .filter(
      ({ number, node }) =>
        freeNodes.some((free) => same(free, node)) &&
        !failed.some((gone) => same(gone, node)) &&
        Number(sheetOfBid(record, number).expiresAt) * 1_000 > fault.at,
    )
    .sort((a, b) => b.number - a.number);
}

function sheetOfBid({ auctionId, body }: OpenAuctionRecord, number: number) {
  const id = openBidId(auctionId, number);
  const offer = body.offers.find(({ sheet }) => sheet.roundId === id);
  if (!offer) throw new StoaError("invalid_record", `the record has no bid ${number}`);
  return decodeTyped("BidSheet", offer.sheet);
}

/**
 * Handles one fault by the rule of open auctions (docs/open-auctions.md): the next best public bid of another node, at
 * its own price, and the failed node owes what that is more, at most its bond.
 * @throws {StoaError} `not_assigned` when the node does not hold the task
 */
export function buildAuctionSupplement(report: AuctionFault): {
  supplement: OpenSupplement;
  award: OpenLead | null;
  damages: Damages;
} {
  const { record, earlier, fault } = report;
  const { opening } = record.body;
  const forfeited = auctionAwardInForce(record, earlier);
  if (!forfeited || !same(forfeited.node, fault.node) || fault.orderHash !== opening.task.orderHash) {
    throw new StoaError(
      "not_assigned",
      `task ${fault.orderHash} is held by ${forfeited?.node ?? "no node"}, not by ${fault.node}`,
    );
  }
  const candidates = standingBids(report);
  const lead = candidates[0] ?? null;
  const award = lead && openAward(fault.orderHash, lead, opening.feeBps);
  const owes = damages({
    reserve: BigInt(opening.reserve),
    failed: { quality: 0n, price: BigInt(forfeited.price), fee: BigInt(forfeited.fee) },
    replacement: award && { quality: 0n, price: BigInt(award.price), fee: BigInt(award.fee) },
    bond: sheetOfBid(record, forfeited.number).bond,
  });
  const last = earlier.at(-1);
  return {
    supplement: {
      auctionId: record.auctionId,
      previousHash: last ? hashJson(last) : record.outcomeHash,
      fault,
      forfeited,
      candidates: candidates.map(({ node }) => node),
      award,
      damages: {
        owed: owes.owed.toString(),
        toRequester: owes.toRequester.toString(),
        toFaultPool: owes.toFaultPool.toString(),
      },
    },
    award: lead,
    damages: owes,
  };
}
