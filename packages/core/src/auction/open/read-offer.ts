import {
  type Address,
  agentVersionId,
  BID_REASON,
  type Hash,
  type OpenAuctionOpening,
  type OpenOffer,
  type RecordVersion,
  StoaError,
} from "@stoa/protocol";
import { edgeRoyalty } from "../edge-royalty.ts";
import type { OpenAuctionAction } from "./next-auction-state.ts";

export type OfferAction = Extract<OpenAuctionAction, { type: "bid" | "pass" }>;
type Opening = Pick<OpenAuctionOpening, "task" | "asked" | "segment">;

/** What may be bid with. */
export interface OfferedVersion {
  id: Hash;
  version: Pick<RecordVersion, "creator" | "manifest">;
}

/**
 * Reads a signed offer as what it does in the auction, and turns down the bids that take part in no auction: of the
 * requester's own nodes, with another version than the task wants, or with a royalty over the order's cap.
 * @param number of the bid; not looked at for a pass
 * @throws {StoaError} `unknown_node`, `invalid_bid`
 */
export function readOffer(
  opening: Opening,
  versions: readonly OfferedVersion[],
  { at, sheet, answer }: Pick<OpenOffer, "at" | "sheet" | "answer">,
  number: number,
): OfferAction {
  const { node } = sheet;
  if (answer.reason !== BID_REASON) return { type: "pass", at, node };
  const provider = opening.asked.find((asked) => same(asked.node, node))?.provider;
  if (!provider) throw new StoaError("unknown_node", `${node} was not asked in the auction`);
  const known = versions.find(({ id }) => id === answer.agentVersion);
  if (!known) throw new StoaError("invalid_bid", `${node} bids with ${answer.agentVersion}, which is not known`);
  const { manifest, creator } = known.version;
  const royalty = edgeRoyalty(BigInt(manifest.royalty), creator, provider);
  const barred = barOf(opening, { provider, agentVersion: answer.agentVersion, royalty, manifest });
  if (barred) throw new StoaError("invalid_bid", `${node}'s bid takes no part: ${barred}`);
  return { type: "bid", at, number, node, agentVersion: answer.agentVersion, ask: BigInt(answer.ask), royalty };
}

/** The offered versions, by the id of their manifests. */
export function offeredVersions(versions: readonly OfferedVersion["version"][]): OfferedVersion[] {
  return versions.map((version) => ({ id: agentVersionId(version.manifest), version }));
}

interface Offered {
  provider: Address;
  agentVersion: Hash;
  royalty: bigint;
  manifest: RecordVersion["manifest"];
}

function barOf({ task, segment }: Opening, offered: Offered): string | null {
  const { order, spec } = task;
  if (same(order.requester, offered.provider)) return "requester and provider are one account";
  if (spec.agentVersion !== undefined && spec.agentVersion !== offered.agentVersion)
    return `the task wants version ${spec.agentVersion}`;
  if (!offered.manifest.capabilities.some((capability) => segment === openSegment(capability)))
    return `${offered.agentVersion} does not offer ${spec.capability}`;
  if (offered.royalty > BigInt(order.royaltyCap))
    return `the royalty ${offered.royalty} is over the order's cap of ${order.royaltyCap}`;
  return null;
}

/** The chain of hashes that a capability's open auctions form. */
export function openSegment(capability: string): string {
  return `open:${capability}`;
}

const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();
