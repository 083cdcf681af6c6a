import {
  agentVersionId,
  BID_REASON,
  canonicalJson,
  decodeTyped,
  type Hash,
  hashJson,
  type OpenAuctionBody,
  type OpenAuctionRecord,
  OpenAuctionRecordSchema,
  requireSigner,
  schemaProblem,
} from "@stoa/protocol";
import { checkOrders } from "../check-signatures.ts";
import { reservePrice } from "../reserve-price.ts";
import {
  disagree,
  requireDistinct,
  requireSame,
  requireSameAddress,
  runChecks,
  type VerificationReport,
} from "../verification.ts";
import { reasonOf } from "./build-auction-record.ts";
import { nextAuctionState, type OpenAuctionState } from "./next-auction-state.ts";
import { openAward } from "./open-award.ts";
import { openSegment } from "./read-offer.ts";
import { replayAuction } from "./replay-auction.ts";
import { requireOffer } from "./require-offer.ts";

/** The version of the open auction's rules that this code is; an opening names the one it is held by. */
export const OPEN_RULE_VERSION = 1;

/**
 * Checks an open auction's public record by going through it again: ids, signatures, the order of bids, the decrement,
 * the soft close, the end and the outcome. It proves the outcome *of the record*; that a bid is missing from it is
 * proved by the operator's signed receipt. Pure apart from its work, fit for a browser.
 * @param given a record from anyone, as parsed from JSON; a bad one is reported, never thrown
 */
export function verifyAuction(
  given: unknown,
  { outcomeHash }: { outcomeHash?: Hash } = {},
): Promise<VerificationReport> {
  const record = given as OpenAuctionRecord;
  let state: OpenAuctionState;
  return runChecks([
    ["shape", () => checkShape(given)],
    [
      "auction_id",
      () => (requireSame("the auction's id", record.auctionId, hashJson(record.body.opening)), record.auctionId),
    ],
    ["opening", () => checkOpening(record)],
    ["order", () => checkOrder(record.body)],
    ["nodes", () => checkNodes(record.body)],
    ["versions", () => checkVersions(record.body)],
    ["offers", () => checkOffers(record)],
    [
      "bidding",
      () => {
        state = replayAuction(record.body).state;
        return `${state.bids} bids, each at least ${record.body.opening.decrement} under the one before`;
      },
    ],
    [
      "close",
      () => ((state = checkClose(record.body, state)), `${record.body.close.reason} at ${record.body.close.at}`),
    ],
    ["outcome", () => checkOutcome(record.body, state)],
    [
      "hashes",
      () => {
        requireSame("the outcome hash", record.outcomeHash, hashJson(record.body));
        if (outcomeHash) requireSame("the outcome hash", record.outcomeHash, outcomeHash);
        return record.outcomeHash;
      },
    ],
  ]);
}

function checkShape(given: unknown): string {
  const problem = schemaProblem(OpenAuctionRecordSchema, given);
  return problem ? disagree(problem) : "matches its schema";
}

/** The opening: signed by its operator, and its amounts and times those of the rule. */
async function checkOpening({ auctionId, body }: OpenAuctionRecord): Promise<string> {
  const { opening, openingSignature } = body;
  requireSame("the rule version", opening.ruleVersion, OPEN_RULE_VERSION);
  await requireSigner(opening.domain, "Opening", { roundId: auctionId }, openingSignature, opening.operator);
  requireDistinct(
    "node",
    opening.asked.map(({ node }) => node),
  );
  requireSame("the segment", opening.segment, openSegment(opening.task.spec.capability));
  const reserve = reservePrice(BigInt(opening.task.order.maxPrice), opening.feeBps);
  requireSame("the reserve", opening.reserve, reserve.toString());
  if (BigInt(opening.decrement) < 1n) disagree(`the decrement is ${opening.decrement}, expected at least 1`);
  if (!(opening.openedAt < opening.endsAt && opening.endsAt <= opening.hardEndAt))
    disagree(`the auction opens at ${opening.openedAt}, ends at ${opening.endsAt}, at last at ${opening.hardEndAt}`);
  const deliverBy = Number(opening.task.order.deliverBy) * 1_000;
  if (opening.hardEndAt >= deliverBy)
    disagree(`the auction may last until ${opening.hardEndAt}, the task is due at ${deliverBy}`);
  return `signed by ${opening.operator}`;
}

async function checkOrder({ opening }: OpenAuctionBody): Promise<string> {
  const { task } = opening;
  await checkOrders({ opening: { ...opening, segment: task.spec.capability, tasks: [task] } }, "open");
  return task.orderHash;
}

async function checkNodes({ opening, nodes }: OpenAuctionBody): Promise<string> {
  requireSame("the number of nodes", nodes.length, opening.asked.length);
  for (const [index, { node, provider }] of opening.asked.entries()) {
    const { link: given, linkSignature } = nodes[index]!;
    const link = decodeTyped("NodeLink", given);
    requireSameAddress("the linked node", link.node, node);
    requireSameAddress(`the provider of ${node}`, link.provider, provider);
    if (Number(link.expiresAt) * 1_000 <= opening.openedAt)
      disagree(`the link of ${node} expired at ${link.expiresAt}`);
    await requireSigner(opening.domain, "NodeLink", link, linkSignature, provider);
  }
  return `${nodes.length} nodes asked`;
}

/** Every version bid with, and no other: its manifest by its hash, signed by its creator. */
async function checkVersions({ opening, offers, versions }: OpenAuctionBody): Promise<string> {
  const ids = versions.map(({ manifest }) => agentVersionId(manifest));
  const bids = offers.filter(({ answer }) => answer.reason === BID_REASON);
  const used = [...new Set(bids.map(({ answer }) => answer.agentVersion))].sort();
  requireSame("the list of versions", ids.join(), used.join());
  for (const [index, { creator, signature }] of versions.entries()) {
    await requireSigner(opening.domain, "Publication", { creator, versionId: ids[index]! }, signature, creator);
  }
  return `${versions.length} versions`;
}

/** Every offer: signed by its node under an id of its own, and receipted by the operator. */
async function checkOffers({ auctionId, body }: OpenAuctionRecord): Promise<string> {
  const { opening, offers } = body;
  let bids = 0;
  for (const offer of offers) {
    const number = offer.answer.reason === BID_REASON ? (bids += 1) : null;
    await requireOffer({ auctionId, opening }, number, offer);
    const { roundId, node, answersRoot } = offer.sheet;
    const receipt = { roundId, node, answersRoot };
    await requireSigner(opening.domain, "SheetReceipt", receipt, offer.receipt, opening.operator);
  }
  return `${bids} bids and ${offers.length - bids} passes`;
}

/** The end: at the time the last late bid left it at, or when all but the lead were out, or when the task was gone. */
function checkClose({ opening, close }: OpenAuctionBody, state: OpenAuctionState): OpenAuctionState {
  const type = close.reason === "withdrawn" ? "withdraw" : "close";
  const closed = nextAuctionState(opening, state, { type, at: close.at });
  requireSame("the reason it ended", close.reason, reasonOf(opening, closed));
  return closed;
}

function checkOutcome({ opening, outcome }: OpenAuctionBody, { phase, lead }: OpenAuctionState): string {
  const award = phase === "awarded" ? openAward(opening.task.orderHash, lead!, opening.feeBps) : null;
  requireSame("the award", canonicalJson(outcome.award), canonicalJson(award));
  return award ? `to ${award.node} at ${award.price}` : phase;
}
