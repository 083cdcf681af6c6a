import { answersRoot } from "@stoa/core";
import { hashJson, signTyped } from "@stoa/protocol";
import { createMarketFixture, databaseKinds, randomKey, type TestDatabase } from "@stoa/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectRefused } from "./expect-refused.ts";

describe.each(databaseKinds)("on $name", (kind) => {
  let opened: TestDatabase;
  beforeAll(async () => {
    opened = await kind.start();
  });
  afterAll(() => opened[Symbol.asyncDispose]());
  const setup = () => createMarketFixture({ database: opened.database });
  const expectRefusal = (code: Parameters<typeof expectRefused>[1], run: () => Promise<unknown>) =>
    expectRefused(opened.database, code, run);

  describe("a sheet is refused and nothing changes", () => {
    const round = async () => {
      const market = await setup();
      const requester = await market.requester();
      const node = await market.node();
      const taskId = await market.submit(requester);
      return { market, requester, node, taskId, round: await market.openRound([node]) };
    };

    test("of a key nobody linked", async () => {
      const { market, round: opened } = await round();
      const stranger = { key: randomKey(), provider: randomKey(), slots: 1 };
      const sheet = await market.sheet(opened, stranger, 5n);
      await expectRefusal("unknown_node", () => market.market.placeSheet(sheet));
    });

    test("of a node that has not staked its bonds", async () => {
      const market = await setup();
      await market.submit(await market.requester());
      const node = await market.node({ stake: 3_999n, slots: 4 });
      const sheet = await market.sheet(await market.openRound([node]), node, 5n);
      await expectRefusal("stake_too_small", () => market.market.placeSheet(sheet));
    });

    test("with a bond below the market's least", async () => {
      const { market, node, round: opened } = await round();
      const sheet = await market.sheet(opened, node, 5n, { bond: 999n });
      await expectRefusal("stake_too_small", () => market.market.placeSheet(sheet));
    });

    test("signed by another key", async () => {
      const { market, node, round: opened } = await round();
      const sheet = await market.sheet(opened, { ...node, key: randomKey() }, 5n);
      await expectRefusal("wrong_signature", () =>
        market.market.placeSheet({
          ...sheet,
          node: node.key.address,
          sheet: { ...sheet.sheet, node: node.key.address },
        }),
      );
    });

    test("whose answers are not those it signs", async () => {
      const { market, node, round: opened } = await round();
      const sheet = await market.sheet(opened, node, 5n);
      const answers = sheet.answers.map((answer) => ({ ...answer, ask: "4" }));
      await expectRefusal("invalid_bid", () => market.market.placeSheet({ ...sheet, answers }));
    });

    test("late", async () => {
      const { market, node, round: opened } = await round();
      const sheet = await market.sheet(opened, node, 5n);
      market.advance(151);
      await expectRefusal("round_closed", () => market.market.placeSheet(sheet));
      await market.market.closeRound(opened.roundId, "window_elapsed");
      await expectRefusal("round_closed", () => market.market.placeSheet(sheet));
    });

    test("for a task never announced", async () => {
      const { market, node, requester, round: opened } = await round();
      const other = await market.submit(requester);
      const task = { ...opened.opening.tasks[0]!, orderHash: other };
      const sheet = await market.sheet({ ...opened, opening: { ...opened.opening, tasks: [task] } }, node, 5n);
      await expectRefusal("not_announced", () => market.market.placeSheet(sheet));
    });

    test("for a round that never was", async () => {
      const { market, node, round: opened } = await round();
      const sheet = await market.sheet({ ...opened, roundId: hashJson("no round") as typeof opened.roundId }, node, 5n);
      await expectRefusal("not_found", () => market.market.placeSheet(sheet));
    });

    test("that bids with an agent of another capability", async () => {
      const { market, node, round: opened } = await round();
      const other = await setup();
      const sheet = await other.sheet(opened, node, 5n);
      const signature = await signTyped(node.key, market.terms.domain, "BidSheet", sheet.sheet);
      await expectRefusal("invalid_bid", () => market.market.placeSheet({ ...sheet, signature }));
    });

    test("that passes for no known reason", async () => {
      const { market, node, round: opened } = await round();
      const sheet = await market.sheet(opened, node, "draining");
      const answers = sheet.answers.map((answer) => ({ ...answer, reason: 99 }));
      const changed = { ...sheet.sheet, answersRoot: answersRoot(answers) };
      const signature = await signTyped(node.key, market.terms.domain, "BidSheet", changed);
      await expectRefusal("invalid_bid", () =>
        market.market.placeSheet({ node: node.key.address, sheet: changed, signature, answers }),
      );
    });

    test("a second one that says something else; the first is taken again", async () => {
      const { market, node, round: opened } = await round();
      const sheet = await market.sheet(opened, node, 5n);
      const first = await market.market.placeSheet(sheet);
      expect((await market.market.placeSheet(sheet)).receipt).toEqual(first.receipt);
      const other = await market.sheet(opened, node, 6n);
      await expectRefusal("conflicting_bids", () => market.market.placeSheet(other));
    });
  });
});
