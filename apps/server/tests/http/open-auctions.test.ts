import type { OpenedAuction } from "@stoa/market";
import { findAuctionRecord } from "@stoa/store";
import { databaseKinds, type FixtureNode, signOffer, type TestDatabase } from "@stoa/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type HttpFixture, startHttp } from "./http-fixture.ts";

describe.each(databaseKinds.filter(({ name }) => name !== "PGlite in a folder"))("on $name", (kind) => {
  let opened: TestDatabase;
  let http: HttpFixture;
  beforeAll(async () => {
    opened = await kind.start();
    http = await startHttp(opened.database);
  });
  afterAll(async () => {
    await http[Symbol.asyncDispose]();
    await opened[Symbol.asyncDispose]();
  });

  async function auctioned(nodes: readonly FixtureNode[]): Promise<OpenedAuction> {
    const { market } = http;
    const taskId = await market.submit(await market.requester(), { maxPrice: 102_000n, spec: { auction: "open" } });
    const auction = await market.market.openAuction({ taskId, asked: nodes.map(({ key }) => key.address) });
    if (!auction) throw new Error("the task is not auctioned");
    return auction;
  }

  test("an open auction's bids are anybody's to read at once, its record once it has closed", async () => {
    const { market } = http;
    const [first, second] = [await market.node(), await market.node()];
    const auction = await auctioned([first, second]);
    const { auctionId, opening } = auction;
    await market.market.placeOpenBid(await signOffer(market, auction, first, { number: 1, price: 90_000n }));
    expect((await http.call("GET", "auctions?state=open")).body.items).toMatchObject([
      { id: auctionId, taskId: opening.task.orderHash, bids: 1, lead: { price: "90000", ask: "89000", number: 1 } },
    ]);
    expect((await http.call("GET", `auctions/${auctionId}/bids`)).body).toMatchObject({
      bids: [{ number: 1, node: first.key.address, price: "90000", royalty: "1000" }],
      passes: [],
      silent: [second.key.address],
    });
    expect(await http.call("GET", `auctions/${auctionId}/record`)).toMatchObject({
      status: 409,
      body: { code: "auction_open" },
    });
    await market.market.placeOpenBid(await signOffer(market, auction, second, "price_too_low"));
    await market.market.closeOpenAuction(auctionId);
    expect((await http.call("GET", `auctions/${auctionId}`)).body).toMatchObject({
      state: "closed",
      closeReason: "all_out",
      awards: [{ node: first.key.address, price: "90000" }],
    });
    const { body } = await http.call("GET", `auctions/${auctionId}/record`);
    const found = await findAuctionRecord(opened.database, auctionId);
    expect(body).toMatchObject({ auctionId, outcomeHash: found!.outcomeHash, supplements: [] });
    expect((await http.call("GET", `auctions?task=${opening.task.orderHash}`)).body.items).toHaveLength(1);
    const task = await http.call("GET", `tasks/${opening.task.orderHash}`);
    expect(task.body).toMatchObject({ spec: { auction: "open" }, award: { roundId: auctionId } });
  });

  test("what is not there, or is no id, is said so", async () => {
    expect(await http.call("GET", `auctions/0x${"ab".repeat(32)}`)).toMatchObject({ status: 404 });
    expect(await http.call("GET", "auctions/first")).toMatchObject({ status: 400, body: { code: "malformed_id" } });
    expect(await http.call("GET", "auctions?state=ajar")).toMatchObject({ status: 400 });
    expect((await http.call("GET", "auctions?capability=text.unheard")).body).toEqual({ items: [], nextCursor: null });
  });
});
