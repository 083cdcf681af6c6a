import {
  agentVersionId,
  encodeTyped,
  hashJson,
  hashTyped,
  IN_THE_CLEAR,
  type Hash,
  type OpenAuctionOpening,
  openBidId,
  type OpenOffer,
  type PassReason,
  passAnswer,
  type SheetAnswer,
  signTyped,
  taskHash,
} from "@stoa/protocol";
import type { AuctionRecordInputs } from "../src/auction/open/build-auction-record.ts";
import { OPEN_RULE_VERSION } from "../src/auction/open/verify-auction.ts";
import { answersRoot } from "../src/auction/answers-root.ts";
import { testKey, testManifest } from "./signed-round.ts";

const OPENED_AT = 1_800_000_000_000;
const OPENED_SECONDS = BigInt(OPENED_AT / 1_000);
const DOMAIN = { chainId: 31_337, vault: testKey(7).address };
const CAPABILITY = "text.summarize";
const ROYALTY = 500n;
const operator = testKey(1);
const creator = testKey(2);
const requester = testKey(100);

const manifest = testManifest(Number(ROYALTY));

/** The key of the auction's node with this index. */
export const auctionNode = (index: number) => testKey(500 + index);

/** One thing a node says: a price (royalty included) or why it bids no more, so long after the opening. */
export interface PlannedOffer {
  node: number;
  afterMs: number;
  says: bigint | PassReason;
  bond?: bigint;
}

/** An auction's inputs as a market would have them, every message really signed. The maximum leaves a reserve of 48,780. */
export async function signedAuction(nodes: number, offers: readonly PlannedOffer[]): Promise<AuctionRecordInputs> {
  const opening = await signedOpening(nodes);
  const auctionId = hashJson(opening);
  const versionId = agentVersionId(manifest);
  const signed: OpenOffer[] = [];
  let bids = 0;
  for (const offer of offers) {
    const number = typeof offer.says === "bigint" ? (bids += 1) : null;
    signed.push(await signedOffer({ auctionId, opening, versionId }, offer, number));
  }
  return {
    opening,
    openingSignature: await signTyped(operator, DOMAIN, "Opening", { roundId: auctionId }),
    nodes: await Promise.all(opening.asked.map((_, index) => signedLink(index))),
    versions: [
      {
        creator: creator.address,
        manifest,
        signature: await signTyped(creator, DOMAIN, "Publication", { creator: creator.address, versionId }),
      },
    ],
    offers: signed,
  };
}

async function signedOpening(nodes: number): Promise<OpenAuctionOpening> {
  const spec = {
    capability: CAPABILITY,
    inputHash: hashJson("input"),
    startBySeconds: 30,
    verification: { policy: "approval" as const },
    auction: "open" as const,
  };
  const order = {
    requester: requester.address,
    operator: operator.address,
    token: testKey(8).address,
    taskHash: taskHash(spec),
    maxPrice: 50_000n,
    feeCapBps: 250,
    royaltyCap: 1_000n,
    deliverBy: OPENED_SECONDS + 600n,
    settleBy: OPENED_SECONDS + 6_000n,
    nonce: 1n,
    resultKey: IN_THE_CLEAR,
  };
  return {
    segment: `open:${CAPABILITY}`,
    ruleVersion: OPEN_RULE_VERSION,
    feeBps: 250,
    domain: DOMAIN,
    operator: operator.address,
    task: {
      orderHash: hashTyped(DOMAIN, "Order", order),
      order: encodeTyped("Order", order),
      signature: await signTyped(requester, DOMAIN, "Order", order),
      spec,
      inputBytes: 10,
    },
    asked: Array.from({ length: nodes }, (_, index) => ({
      node: auctionNode(index).address,
      provider: testKey(700 + index).address,
    })),
    reserve: "48780",
    decrement: "487",
    openedAt: OPENED_AT,
    endsAt: OPENED_AT + 10_000,
    softCloseMs: 2_000,
    hardEndAt: OPENED_AT + 60_000,
  };
}

async function signedLink(index: number): Promise<AuctionRecordInputs["nodes"][number]> {
  const provider = testKey(700 + index);
  const link = { node: auctionNode(index).address, provider: provider.address, expiresAt: OPENED_SECONDS + 3_600n };
  return {
    link: encodeTyped("NodeLink", link),
    linkSignature: await signTyped(provider, DOMAIN, "NodeLink", link),
  };
}

async function signedOffer(
  { auctionId, opening, versionId }: { auctionId: Hash; opening: OpenAuctionOpening; versionId: Hash },
  { node: index, afterMs, says, bond = 5_000n }: PlannedOffer,
  number: number | null,
): Promise<OpenOffer> {
  const key = auctionNode(index);
  const { orderHash } = opening.task;
  const answer: SheetAnswer =
    typeof says === "bigint"
      ? { orderHash, agentVersion: versionId, ask: (says - ROYALTY).toString(), promisedSeconds: 30, reason: 0 }
      : passAnswer(orderHash, says);
  const roundId = number === null ? auctionId : openBidId(auctionId, number);
  const root = answersRoot([answer]);
  const sheet = {
    roundId,
    node: key.address,
    slots: number === null ? 0 : 1,
    bond,
    answersRoot: root,
    expiresAt: OPENED_SECONDS + 600n,
  };
  return {
    at: OPENED_AT + afterMs,
    sheet: encodeTyped("BidSheet", sheet),
    signature: await signTyped(key, DOMAIN, "BidSheet", sheet),
    answer,
    receipt: await signTyped(operator, DOMAIN, "SheetReceipt", { roundId, node: key.address, answersRoot: root }),
  };
}
