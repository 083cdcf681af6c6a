import {
  nextAuctionState,
  type OpenAuctionState,
  type OpenLead,
  readOffer,
  requireOffer,
  staked,
  type StakedNode,
} from "@stoa/core";
import {
  type Address,
  type BidSheet,
  encodeTyped,
  type Hash,
  type OpenAuctionOpening,
  type RecordVersion,
  type SheetAnswer,
  type SheetReceipt,
  type Signature,
  signTyped,
  StoaError,
  type TaskId,
} from "@stoa/protocol";
import type { Queryable } from "@stoa/store";
import type { MarketContext } from "../context.ts";
import type { WorkingSet } from "../lane/working-set.ts";
import { type AuctionStanding, standingOf, writeStanding } from "./auction-row.ts";

export interface PlaceOpenBid {
  auctionId: Hash;
  /** Who sends it. */
  node: Address;
  /** The bid's, one more than the lead's; null for a pass, by which the node bids no more in this auction. */
  number: number | null;
  sheet: BidSheet;
  signature: Signature;
  answer: SheetAnswer;
}

/** What came of an offer. */
export interface TakenOffer {
  receipt: SheetReceipt;
  signature: Signature;
  /** Who leads after it. */
  lead: OpenLead | null;
  endsAt: number;
}

/**
 * Takes a node's public bid in an open auction, or its pass. The same message said twice counts once.
 * @returns the operator's signed receipt, which proves completeness against the public record, and how the bidding stands
 * @throws {StoaError} `not_found`, `auction_closed`, `outbid`, `invalid_bid`, `unknown_node`, `wrong_signature`,
 *   `stake_too_small`, `conflicting_bids`
 */
export async function placeOpenBid(context: MarketContext, request: PlaceOpenBid): Promise<TakenOffer> {
  const { auctionId, node, number, sheet, signature, answer } = request;
  const opening = await context.auctionOpenings.get(auctionId);
  const asked = opening.asked.find((candidate) => candidate.node === node);
  if (!asked) throw new StoaError("unknown_node", `${node} was not asked in the auction ${auctionId}`);
  if (sheet.node !== node) throw new StoaError("invalid_bid", `the sheet is of node ${sheet.node}, expected ${node}`);
  if (number !== null && sheet.bond < context.terms.minBond) {
    throw new StoaError(
      "stake_too_small",
      `the sheet offers a bond of ${sheet.bond}, expected at least ${context.terms.minBond}`,
    );
  }
  await requireOffer({ auctionId, opening }, number, { sheet: encodeTyped("BidSheet", sheet), signature, answer });
  const version = number === null ? null : await activeVersion(context.database, answer.agentVersion);
  const receipt: SheetReceipt = { roundId: sheet.roundId, node, answersRoot: sheet.answersRoot };
  const receiptSignature = await signTyped(context.operator, context.terms.domain, "SheetReceipt", receipt);
  return writeOffer(context, request, { opening, asked, version, receipt, receiptSignature });
}

type ActiveVersion = Pick<RecordVersion, "creator" | "manifest">;

async function activeVersion(database: Queryable, id: Hash): Promise<ActiveVersion> {
  const [version] = await database.query<ActiveVersion>(
    "select creator, manifest from agents where version_id = $1 and state = 'active'",
    [id],
  );
  if (!version) throw new StoaError("invalid_bid", `there is no active agent ${id}`);
  return version;
}

interface Checked {
  opening: OpenAuctionOpening;
  asked: StakedNode;
  version: ActiveVersion | null;
  receipt: SheetReceipt;
  receiptSignature: Signature;
}

function writeOffer(context: MarketContext, request: PlaceOpenBid, checked: Checked): Promise<TakenOffer> {
  const { auctionId, node, number, sheet } = request;
  const { opening, asked, receipt, receiptSignature } = checked;
  const taskId = opening.task.orderHash as TaskId;
  let standing: AuctionStanding | undefined;
  let before: EarlierOffer | undefined;
  return context.lane.run({
    name: "place-open-bid",
    tasks: [taskId],
    owns: [auctionId],
    accounts: () => [staked(asked)],
    async load(tx) {
      standing = await standingOf(tx, auctionId);
      before = await earlierOffer(tx, request);
    },
    decide(set) {
      if (!standing) throw new StoaError("not_found", `there is no auction ${auctionId}`);
      const { lead, endsAt } = standing.bidding;
      if (before) {
        requireSameOffer(before, sheet);
        return { receipt, signature: receiptSignature, lead, endsAt };
      }
      if (standing.state !== "open" || set.task(taskId).state !== "open")
        throw new StoaError("auction_closed", `the auction ${auctionId} is closed`);
      // The instants of offers never go back, even where the clock does.
      const at = Math.max(set.now, standing.bidding.lastAt);
      const versions = checked.version ? [{ id: request.answer.agentVersion, version: checked.version }] : [];
      const offer = { at, sheet: encodeTyped("BidSheet", sheet), answer: request.answer };
      const action = readOffer(opening, versions, offer, number ?? 0);
      const next = nextAuctionState(opening, standing.bidding, action);
      if (number !== null) requireStake(set, asked, sheet);
      keepOffer(set, request, { position: standing.offers + 1, at, next, receiptSignature });
      if (number !== null) tellBid(set, { auctionId, taskId, node }, standing.bidding, next);
      return { receipt, signature: receiptSignature, lead: next.lead, endsAt: next.endsAt };
    },
  });
}

interface EarlierOffer {
  root: Hash;
}

/** What the node signed under the same id before. */
async function earlierOffer(
  tx: Queryable,
  { auctionId, node, number }: PlaceOpenBid,
): Promise<EarlierOffer | undefined> {
  const [row] = await tx.query<EarlierOffer>(
    `select sheet ->> 'answersRoot' as root from open_bids
      where auction_id = $1 and node = $2 and number is not distinct from $3::integer`,
    [auctionId, node, number],
  );
  return row;
}

function requireSameOffer({ root }: EarlierOffer, { node, roundId, answersRoot }: BidSheet): void {
  if (root !== answersRoot)
    throw new StoaError("conflicting_bids", `${node} signed ${root} under ${roundId} before, now ${answersRoot}`);
}

function requireStake(set: WorkingSet, asked: StakedNode, { bond, node }: BidSheet): void {
  const stake = set.book.balance(staked(asked));
  if (stake < bond)
    throw new StoaError("stake_too_small", `the bid needs a bond of ${bond}, ${node} has ${stake} staked and free`);
}

function keepOffer(
  set: WorkingSet,
  { auctionId, node, number, sheet, signature, answer }: PlaceOpenBid,
  taken: { position: number; at: number; next: OpenAuctionState; receiptSignature: Signature },
): void {
  const { position, at, next, receiptSignature } = taken;
  set.defer((tx) => writeStanding(tx, auctionId, next));
  set.defer((tx) =>
    tx.query(
      `insert into open_bids (auction_id, position, number, node, royalty, at, sheet, signature, answer, receipt_signature)
       values ($1, $2, $3, $4, $5, $6::timestamptz, $7::jsonb, $8, $9::jsonb, $10)`,
      [
        auctionId,
        position,
        number,
        node,
        number === null ? 0n : (next.lead?.royalty ?? 0n),
        new Date(at).toISOString(),
        JSON.stringify(encodeTyped("BidSheet", sheet)),
        signature,
        JSON.stringify(answer),
        receiptSignature,
      ],
    ),
  );
}

function tellBid(
  set: WorkingSet,
  { auctionId, taskId, node }: { auctionId: Hash; taskId: TaskId; node: Address },
  before: OpenAuctionState,
  { lead, bids, endsAt }: OpenAuctionState,
): void {
  if (!lead) return;
  const price = lead.price.toString();
  const of = { auctionId, taskId };
  set.emit({ type: "auction.bid", audience: null, data: { ...of, number: bids, node, price, endsAt } });
  if (before.lead)
    set.emit({ type: "auction.outbid", audience: null, data: { ...of, node: before.lead.node, by: node, price } });
  if (endsAt !== before.endsAt) set.emit({ type: "auction.extended", audience: null, data: { ...of, endsAt } });
}
