import {
  BID_REASON,
  type Hash,
  hashJson,
  type OpenAuctionBody,
  type OpenAuctionRecord,
  type OpenCloseReason,
} from "@stoa/protocol";
import { isEverybodyOut, nextAuctionState, type OpenAuctionState } from "./next-auction-state.ts";
import { openAward } from "./open-award.ts";
import { offeredVersions } from "./read-offer.ts";
import { replayAuction } from "./replay-auction.ts";

/** All an open auction is decided by: its record without the outcome. */
export type AuctionRecordInputs = Omit<OpenAuctionBody, "outcome" | "close">;

/** The versions that were bid with, sorted by id: nothing else belongs into the record. */
function versionsBidWith({ offers, versions }: AuctionRecordInputs): OpenAuctionBody["versions"] {
  const bid = new Set(
    offers.filter(({ answer }) => answer.reason === BID_REASON).map(({ answer }) => answer.agentVersion),
  );
  return offeredVersions(versions)
    .flatMap(({ id }, index) => (bid.delete(id) ? [{ id, version: versions[index]! }] : []))
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map(({ version }) => version);
}

/**
 * Ends an open auction and writes its public record.
 * @param end when, what came before it in its segment, and whether its task is gone
 * @throws {StoaError} `wrong_state` when it is not over yet
 */
export function buildAuctionRecord(
  given: AuctionRecordInputs,
  end: { at: number; previousHash: Hash; isWithdrawn: boolean },
): { record: OpenAuctionRecord; state: OpenAuctionState } {
  const inputs = { ...given, versions: versionsBidWith(given) };
  const { opening } = inputs;
  const before = replayAuction(inputs).state;
  const at = Math.max(end.at, before.lastAt);
  const state = nextAuctionState(opening, before, { type: end.isWithdrawn ? "withdraw" : "close", at });
  const body: OpenAuctionBody = {
    ...inputs,
    close: { at, reason: reasonOf(opening, state), previousHash: end.previousHash },
    outcome: {
      award: state.phase === "awarded" ? openAward(opening.task.orderHash, state.lead!, opening.feeBps) : null,
    },
  };
  return { record: { auctionId: hashJson(opening), outcomeHash: hashJson(body), body }, state };
}

/** Why an auction that is not open any more ended. */
export function reasonOf(opening: OpenAuctionBody["opening"], state: OpenAuctionState): OpenCloseReason {
  if (state.phase === "withdrawn") return "withdrawn";
  return isEverybodyOut(opening, state) ? "all_out" : "ended";
}
