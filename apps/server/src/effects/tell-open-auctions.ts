import type {
  Address,
  Hash,
  MarketMessage,
  MarketMessages,
  NodeId,
  OpenAuctionOpening,
  OpenLeadView,
  Signature,
} from "@stoa/protocol";
import { type Database, findAuction } from "@stoa/store";
import type { EffectContext } from "./effect-context.ts";
import type { RunningAuction } from "./run-open-auctions.ts";

type TellingContext = Pick<EffectContext, "database" | "hub">;

/** Most auctions that are looked at at once. */
export const AUCTIONS_AT_ONCE = 1_000;

/** Tells the nodes connected here of open auctions, whichever server runs them. */
export interface AuctionTelling {
  /**
   * Tells of auctions that were opened elsewhere, of every new lead, and of ends that no event told of.
   * @param running all that run, or the most that are looked at
   */
  tellStanding(running: readonly RunningAuction[]): Promise<void>;
  /** Tells of an auction that was opened here. */
  opened(auction: AskedAuction): void;
  /** Tells that an auction closed, once; `node` has won it. */
  closed(auctionId: Hash, node: Address | null): void;
  /** Tells a node that comes back of the auctions it was asked in and has not left, as they stand. */
  resend(node: Address): Promise<void>;
  /** Tells a node whose bid came late who leads. */
  tellLead(auctionId: Hash, node: Address): Promise<void>;
}

interface AskedAuction {
  auctionId: Hash;
  opening: OpenAuctionOpening;
  signature: Signature;
  lead: OpenLeadView | null;
  endsAtMs: number;
}

interface Told {
  asked: readonly Address[];
  /** Number of the last lead they were told of. */
  lead: number;
}

export function tellOpenAuctions({ database, hub }: TellingContext): AuctionTelling {
  const told = new Map<Hash, Told>();

  function tell(nodes: readonly Address[], message: MarketMessage): void {
    for (const node of nodes) hub.send(node as NodeId, message);
  }

  /** One that nobody here was asked in needs no telling: who comes is told when it comes. */
  async function tellOpened(fresh: readonly RunningAuction[]): Promise<void> {
    const asked = new Map<Hash, RunningAuction>();
    for (const auction of fresh) {
      if (auction.asked.some((node) => hub.isKnown(node as NodeId))) asked.set(auction.id, auction);
      else told.set(auction.id, { asked: auction.asked, lead: auction.lead?.number ?? 0 });
    }
    if (asked.size === 0) return;
    for (const auction of await auctionsById(database, [...asked.keys()]))
      opened(auction, asked.get(auction.auctionId)?.passed);
  }

  async function tellEnds(running: readonly RunningAuction[]): Promise<void> {
    if (running.length >= AUCTIONS_AT_ONCE) return;
    const left = new Set(told.keys());
    for (const { id } of running) left.delete(id);
    if (left.size === 0) return;
    for (const { id, node } of await winnersOf(database, [...left])) closed(id, node);
  }

  function closed(auctionId: Hash, node: Address | null): void {
    const known = told.get(auctionId);
    if (!known) return;
    told.delete(auctionId);
    tell(known.asked, { type: "auction.closed", auctionId, node });
  }

  function opened(auction: AskedAuction, passed: readonly Address[] = []): void {
    if (told.has(auction.auctionId)) return;
    const asked = auction.opening.asked.map(({ node }) => node);
    told.set(auction.auctionId, { asked, lead: auction.lead?.number ?? 0 });
    tell(
      asked.filter((node) => !passed.includes(node)),
      openedMessage(auction),
    );
  }

  function tellNewLead({ id, lead, asked, endsAt }: RunningAuction): void {
    const known = told.get(id);
    if (!known || !lead || lead.number <= known.lead) return;
    known.lead = lead.number;
    const others = asked.filter((node) => node !== lead.node);
    tell(others, { type: "auction.outbid", auctionId: id, lead: leadView(lead), endsAtMs: endsAt });
  }

  return {
    async tellStanding(running) {
      await tellEnds(running);
      await tellOpened(running.filter(({ id }) => !told.has(id)));
      for (const auction of running) tellNewLead(auction);
    },
    opened,
    closed,
    async resend(node) {
      for (const auction of await auctionsOf(database, node)) tell([node], openedMessage(auction));
    },
    async tellLead(auctionId, node) {
      const found = await findAuction(database, auctionId);
      if (found?.lead?.node === node || !found?.lead) return;
      tell([node], { type: "auction.outbid", auctionId, lead: leadView(found.lead), endsAtMs: found.endsAt });
    },
  };
}

function openedMessage({ lead, ...auction }: AskedAuction): MarketMessages["auction.opened"] {
  return { type: "auction.opened", ...auction, lead: lead && leadView(lead) };
}

/** What nodes are told of a lead. */
function leadView({ number, node, price }: OpenLeadView): OpenLeadView {
  return { number, node, price };
}

const ASKED_AUCTION = 'id as "auctionId", opening, opening_signature as signature, lead, ends_at as "endsAtMs"';

function auctionsById(database: Database, ids: readonly Hash[]): Promise<AskedAuction[]> {
  return database.query<AskedAuction>(
    `select ${ASKED_AUCTION} from open_auctions where id = any($1::text[]) and state = 'open'`,
    [ids],
  );
}

function auctionsOf(database: Database, node: Address): Promise<AskedAuction[]> {
  return database.query<AskedAuction>(
    `select ${ASKED_AUCTION} from open_auctions
      where state = 'open' and opening -> 'asked' @> jsonb_build_array(jsonb_build_object('node', $1::text))
        and $1 <> all (passed)
      order by ends_at limit ${AUCTIONS_AT_ONCE}`,
    [node],
  );
}

/** Auctions of those named that closed, with who has won each. */
function winnersOf(database: Database, ids: readonly Hash[]): Promise<{ id: Hash; node: Address | null }[]> {
  return database.query(
    `select id, (select node from awards where round_id = open_auctions.id order by made_at limit 1) as node
       from open_auctions where id = any($1::text[]) and state = 'closed'`,
    [ids],
  );
}
