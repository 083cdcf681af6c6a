import { verifyAuction, verifyAuctionSupplement } from "@stoa/core";
import type { OpenedAuction } from "@stoa/market";
import type { TaskId } from "@stoa/protocol";
import { findAuction, findAuctionRecord, findTask, listAllEvents, sumBalances } from "@stoa/store";
import {
  createMarketFixture,
  databaseKinds,
  type FixtureNode,
  type MarketFixture,
  type Offer,
  signOffer,
  type TestDatabase,
} from "@stoa/testkit";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { expectRefused } from "./expect-refused.ts";
import { expectSoundLedger } from "./expect-sound-ledger.ts";

/** The reserve of a maximum of 102,000 at two percent, and its decrement of one percent. */
const MAX_PRICE = 102_000n;
const RESERVE = 100_000n;

describe.each(databaseKinds)("on $name", (kind) => {
  let opened: TestDatabase;
  beforeAll(async () => {
    opened = await kind.start();
  });
  afterAll(() => opened[Symbol.asyncDispose]());
  afterEach(() => expectSoundLedger(opened.database));

  /** A market with a task under open auction among as many nodes. */
  async function setup(nodes: number) {
    const market = await createMarketFixture({ database: opened.database });
    const requester = await market.requester(200_000n);
    const bidders = await Promise.all(Array.from({ length: nodes }, () => market.node()));
    const taskId = await market.submit(requester, { maxPrice: MAX_PRICE, spec: { auction: "open" } });
    const auction = await openAmong(market, taskId, bidders);
    const say = async (node: number, offer: Offer) => {
      market.advance(1);
      return market.market.placeOpenBid(await signOffer(market, auction, bidders[node]!, offer));
    };
    const bid = (number: number, node: number, price: bigint) => say(node, { number, price });
    const close = () => market.market.closeOpenAuction(auction.auctionId);
    return { market, requester, bidders, taskId, auction, say, bid, close };
  }

  async function openAmong(market: MarketFixture, taskId: TaskId, nodes: FixtureNode[]): Promise<OpenedAuction> {
    const auction = await market.market.openAuction({ taskId, asked: nodes.map(({ key }) => key.address) });
    if (!auction) throw new Error(`the task ${taskId} is not auctioned`);
    return auction;
  }

  async function verified(auction: OpenedAuction) {
    const found = await findAuctionRecord(opened.database, auction.auctionId);
    const report = await verifyAuction(JSON.parse(JSON.stringify(found?.record)), { outcomeHash: found!.outcomeHash });
    expect(report.firstFailure).toBeUndefined();
    return found!;
  }

  test("a task goes to the lowest public bid at that bid, is settled under it, and everybody heard the lead fall", async () => {
    const { market, requester, bidders, taskId, auction, bid, say, close } = await setup(2);
    expect(auction.opening).toMatchObject({ reserve: RESERVE.toString(), decrement: "1000" });
    await bid(1, 0, RESERVE);
    await bid(2, 1, 99_000n);
    const taken = await bid(3, 0, 60_000n);
    expect(taken.lead).toMatchObject({ node: bidders[0]!.key.address, price: 60_000n, number: 3 });
    expect(await close()).toBeNull();
    await say(1, "price_too_low");
    expect(await close()).toMatchObject({ node: bidders[0]!.key.address });
    expect(await close()).toBeNull();
    expect((await verified(auction)).record.body.close.reason).toBe("all_out");

    const award = await market.award(taskId);
    expect(award).toMatchObject({ price: 60_000n, royalty: 1_000n, ask: 59_000n, roundId: auction.auctionId });
    await market.start(taskId, bidders[0]!);
    await market.deliver(taskId, bidders[0]!);
    const split = await market.accept(taskId, requester);
    expect(split).toMatchObject({ payment: 59_000n, royalty: 1_000n, fee: 1_200n, charge: 61_200n });
    const [sheet] = await opened.database.query<{ ask: string }>(
      "select answers -> 0 ->> 'ask' as ask from sheets where round_id = $1 and node = $2",
      [award.roundId, award.node],
    );
    expect(sheet?.ask, "settlement finds the winning bid's sheet").toBe("59000");

    const events = (await listAllEvents(opened.database, 0, 10_000)).filter(
      ({ data }) => "auctionId" in data && data.auctionId === auction.auctionId,
    );
    expect(events.map(({ type, audience }) => `${type}${audience ?? ""}`)).toEqual([
      "auction.opened",
      "auction.bid",
      "auction.bid",
      "auction.outbid",
      "auction.bid",
      "auction.outbid",
      "auction.closed",
    ]);
    expect(events.at(-2)?.data).toMatchObject({ node: bidders[1]!.key.address, by: bidders[0]!.key.address });
  });

  test("a late bid extends the end, never beyond the hard end, and nothing is taken afterwards", async () => {
    const { market, bid, say, close, auction } = await setup(3);
    market.advance(8_500);
    expect((await bid(1, 0, RESERVE)).endsAt).toBe(auction.opening.endsAt + 2_000);
    market.advance(1_000);
    expect((await bid(2, 1, 90_000n)).endsAt).toBe(auction.opening.endsAt + 2_000);
    for (let number = 3; number < 60; number += 1) {
      const { endsAt } = await bid(number, (number + 1) % 2, 90_000n - BigInt(number) * 1_000n);
      market.advance(endsAt - market.now() - 2);
      if (endsAt === auction.opening.hardEndAt) break;
    }
    market.advance(2);
    expect(market.now()).toBe(auction.opening.hardEndAt);
    await expect(say(2, { number: 50, price: 1_000n })).rejects.toMatchObject({ code: "auction_closed" });
    expect(await close()).toMatchObject({ awardHash: expect.any(String) });
    const { record } = await verified(auction);
    expect(record.body.close.reason).toBe("ended");
  });

  test("of bids at once, one leads and the others are told that they are outbid", async () => {
    const { market, bidders, auction, close } = await setup(5);
    const bids = await Promise.all(
      bidders.map((node, at) => signOffer(market, auction, node, { number: 1, price: 90_000n - BigInt(at) * 2_000n })),
    );
    const outcomes = await Promise.allSettled(bids.map((bid) => market.market.placeOpenBid(bid)));
    const refused = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason as unknown] : []));
    expect(refused).toHaveLength(4);
    for (const reason of refused) expect(reason).toMatchObject({ code: "outbid" });
    market.advance(10_000);
    const closed = await Promise.all([close(), close(), close()]);
    expect(closed.filter((outcome) => outcome !== null)).toHaveLength(1);
    await verified(auction);
  });

  test("the same bid said twice counts once, and another under its id is proof against the node", async () => {
    const { market, bidders, auction, bid } = await setup(2);
    const again = await signOffer(market, auction, bidders[0]!, { number: 1, price: RESERVE });
    const [first, second] = [await market.market.placeOpenBid(again), await market.market.placeOpenBid(again)];
    expect(second.signature).toBe(first.signature);
    await bid(2, 1, 95_000n);
    expect(await market.market.placeOpenBid(again)).toMatchObject({ lead: { price: 95_000n } });
    const other = await signOffer(market, auction, bidders[0]!, { number: 1, price: 90_000n });
    await expectRefused(opened.database, "conflicting_bids", () => market.market.placeOpenBid(other));
    expect(await findAuction(opened.database, auction.auctionId)).toMatchObject({ bids: 2 });
  });

  test("bids that the rules do not admit change nothing", async () => {
    const { market, bidders, auction, bid, requester, taskId } = await setup(3);
    const own = await market.node({ provider: requester });
    const poor = await market.node({ stake: 0n });
    const refuse = async (code: Parameters<typeof expectRefused>[1], node: FixtureNode, offer: Offer) => {
      const signed = await signOffer(market, auction, node, offer);
      await expectRefused(opened.database, code, () => market.market.placeOpenBid(signed));
    };
    await refuse("unknown_node", own, { number: 1, price: RESERVE });
    await refuse("invalid_bid", bidders[0]!, { number: 1, price: RESERVE + 1n });
    await refuse("stake_too_small", bidders[0]!, { number: 1, price: RESERVE, bond: 1n });
    await refuse("stake_too_small", bidders[0]!, { number: 1, price: RESERVE, bond: 2_000_000n });
    await bid(1, 0, RESERVE);
    await refuse("invalid_bid", bidders[0]!, { number: 2, price: 80_000n });
    await refuse("invalid_bid", bidders[0]!, "draining");
    await refuse("outbid", bidders[1]!, { number: 2, price: 99_001n });
    await refuse("outbid", bidders[1]!, { number: 3, price: 80_000n });
    await bid(2, 1, 99_000n);
    const good = await signOffer(market, auction, bidders[2]!, { number: 3, price: 90_000n });
    const refused = (change: Partial<typeof good>) => () => market.market.placeOpenBid({ ...good, ...change });
    await expectRefused(opened.database, "invalid_bid", refused({ number: 4 }));
    await expectRefused(opened.database, "invalid_bid", refused({ answer: { ...good.answer, ask: "1" } }));
    await expectRefused(opened.database, "invalid_bid", refused({ sheet: { ...good.sheet, slots: 2 } }));
    await expectRefused(opened.database, "wrong_signature", refused({ sheet: { ...good.sheet, bond: 1_001n } }));
    await expectRefused(opened.database, "not_found", refused({ auctionId: `0x${"ab".repeat(32)}` }));
    const again = await market.market.openAuction({ taskId, asked: [poor.key.address] });
    expect(again, "a task is under one auction at a time").toBeNull();
  });

  test("a task is auctioned in the way its requester signed, and in no other", async () => {
    const market = await createMarketFixture({ database: opened.database });
    const requester = await market.requester(400_000n);
    const node = await market.node();
    const sealed = await market.submit(requester);
    const open = await market.submit(requester, { spec: { auction: "open" } });
    const round = await market.openRound([node]);
    expect(round.opening.tasks.map(({ orderHash }) => orderHash)).toEqual([sealed]);
    await market.market.closeRound(round.roundId, "window_elapsed");
    expect(await market.market.openAuction({ taskId: sealed, asked: [node.key.address] })).toBeNull();
    expect((await openAmong(market, open, [node])).opening.task.orderHash).toBe(open);
  });

  test("a task without time for an auction is not auctioned, and one with little time briefly", async () => {
    const market = await createMarketFixture({ database: opened.database });
    const requester = await market.requester(400_000n);
    const node = await market.node();
    const due = (seconds: number) => ({ deliverBy: BigInt(Math.floor(market.now() / 1_000) + seconds) });
    const taskId = await market.submit(requester, {
      spec: { auction: "open", startBySeconds: 1 },
      order: due(20),
    });
    const auction = await openAmong(market, taskId, [node]);
    expect(auction.opening.hardEndAt - auction.opening.openedAt).toBe(5_000);
    const late = await market.submit(requester, { spec: { auction: "open", startBySeconds: 1 }, order: due(10) });
    market.advance(9_500);
    expect(await market.market.openAuction({ taskId: late, asked: [node.key.address] })).toBeNull();
  });

  test("when nobody bids the requester is told why, the task waits, and the next auction follows on in the chain", async () => {
    const { market, bidders, auction, say, close, taskId } = await setup(3);
    await say(0, "price_too_low");
    await say(1, "price_too_low");
    market.advance(10_000);
    expect(await close()).toMatchObject({ node: null, awardHash: null });
    expect(await findTask(opened.database, taskId)).toMatchObject({
      state: "open",
      unserved: [
        { reason: "price_too_low", nodes: 2 },
        { reason: "no_answer", nodes: 1 },
      ],
    });
    const { outcomeHash } = await verified(auction);
    const next = await openAmong(market, taskId, bidders);
    market.advance(10_000);
    await market.market.closeOpenAuction(next.auctionId);
    expect((await verified(next)).record.body.close.previousHash).toBe(outcomeHash);
  });

  test("a task cancelled under auction gives its hold back, takes no bids, and leaves a record without an award", async () => {
    const { market, requester, bid, say, close, auction, taskId } = await setup(2);
    await bid(1, 0, RESERVE);
    await market.market.cancelTask({ taskId, requester: requester.address });
    await expect(say(1, { number: 2, price: 50_000n })).rejects.toMatchObject({ code: "auction_closed" });
    expect(await close()).toMatchObject({ node: null });
    expect((await verified(auction)).record.body).toMatchObject({
      close: { reason: "withdrawn" },
      outcome: { award: null },
    });
    expect(await sumBalances(opened.database, requester.address)).toMatchObject({ available: 200_000n, held: 0n });
  });

  test("a task that became overdue while the market stood still is awarded to nobody", async () => {
    const { market, bid, close, auction, taskId, bidders } = await setup(2);
    await bid(1, 0, RESERVE);
    market.advance(600_000);
    expect(await close()).toBeNull();
    await market.market.expireTask(taskId);
    expect(await close()).toMatchObject({ node: null });
    expect((await verified(auction)).record.body.close.reason).toBe("withdrawn");
    expect(await sumBalances(opened.database, bidders[0]!.provider.address)).toMatchObject({ staked: 1_000_000n });
  });

  test("a winner that fails is followed by the next best public bid at its own price, and pays the difference", async () => {
    const { market, requester, bidders, bid, close, auction, taskId } = await setup(3);
    await bid(1, 2, 99_000n);
    await bid(2, 1, 61_000n);
    await bid(3, 0, 60_500n - 500n);
    market.advance(10_000);
    await close();
    expect(await market.fault(taskId, "not_started")).toEqual({ kind: "reawarded", node: bidders[1]!.key.address });
    expect(await market.award(taskId)).toMatchObject({ price: 61_000n, ask: 60_000n });
    expect(await sumBalances(opened.database, requester.address)).toMatchObject({ available: 99_000n });
    expect(await sumBalances(opened.database, bidders[0]!.provider.address)).toMatchObject({
      staked: 999_000n,
      bonded: 0n,
    });
    await market.start(taskId, bidders[1]!);
    await market.deliver(taskId, bidders[1]!);
    expect(await market.accept(taskId, requester)).toMatchObject({ payment: 60_000n, charge: 62_220n });
    const { record, supplements } = await verified(auction);
    const [supplement] = supplements;
    expect((await verifyAuctionSupplement(record, [], supplement?.record)).ok).toBe(true);
    const sheets = await opened.database.query("select node from sheets where round_id = $1", [auction.auctionId]);
    expect(sheets).toHaveLength(2);
  });

  test("a winner without anybody behind it gives the task back to another auction, and its bond to the fault pool", async () => {
    const { market, bid, close, taskId, bidders } = await setup(1);
    await bid(1, 0, 40_000n);
    await close();
    expect(await market.fault(taskId, "not_started")).toEqual({ kind: "reopened" });
    const damages = await opened.database.query("select to_requester, to_fault_pool from damages where task_id = $1", [
      taskId,
    ]);
    expect(damages).toEqual([{ to_requester: 0n, to_fault_pool: 1_000n }]);
    const next = await openAmong(market, taskId, bidders);
    expect(next.opening.task.orderHash).toBe(taskId);
  });

  test("an auction goes on under another process: bids, end and record are in the database", async () => {
    const { market, bidders, bid, auction, taskId } = await setup(2);
    await bid(1, 0, RESERVE);
    const later = market.reopen(opened.database);
    later.advance(1);
    await later.market.placeOpenBid(await signOffer(later, auction, bidders[1]!, { number: 2, price: 90_000n }));
    later.advance(10_000);
    expect(await later.market.closeOpenAuction(auction.auctionId)).toMatchObject({ node: bidders[1]!.key.address });
    expect(await market.award(taskId)).toMatchObject({ price: 90_000n });
    await verified(auction);
  });
});
