import { hashJson, type SessionKey } from "@stoa/protocol";
import {
  createMarketFixture,
  databaseKinds,
  type MarketFixture,
  type OrderPlan,
  randomKey,
  type TestDatabase,
} from "@stoa/testkit";
import type { LocalAccount } from "viem/accounts";
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

  describe("an order is refused and nothing changes", () => {
    const orders: [
      string,
      Parameters<typeof expectRefused>[1],
      (market: MarketFixture, requester: LocalAccount) => OrderPlan,
    ][] = [
      ["signed by another wallet", "wrong_signature", () => ({ signer: randomKey() })],
      ["for another operator", "invalid_order", () => ({ order: { operator: randomKey().address } })],
      ["in another token", "invalid_order", () => ({ order: { token: randomKey().address } })],
      [
        "over another specification than it is sent with",
        "invalid_order",
        () => ({ order: { taskHash: hashJson("other") } }),
      ],
      ["whose result is to be encrypted", "invalid_order", () => ({ order: { resultKey: hashJson("key") } })],
      ["that caps the fee below the market's", "invalid_order", () => ({ order: { feeCapBps: 199 } })],
      ["that caps the fee above what a vault takes", "invalid_order", () => ({ order: { feeCapBps: 1_001 } })],
      ["with a maximum price of zero", "invalid_price", () => ({ maxPrice: 0n })],
      ["with a maximum price over the balance", "insufficient_funds", () => ({ maxPrice: 10_000_001n })],
      [
        "whose deadline is past",
        "invalid_deadline",
        (market) => ({ order: { deliverBy: BigInt(market.now() / 1_000) } }),
      ],
      [
        "whose deadline leaves no time to start",
        "invalid_deadline",
        (market) => ({ order: { deliverBy: BigInt(market.now() / 1_000) + 29n } }),
      ],
      [
        "that leaves no time to approve and challenge",
        "invalid_deadline",
        (market) => ({ order: { settleBy: BigInt(market.now() / 1_000) + 1_499n } }),
      ],
      [
        "that a withdrawal could outrun",
        "invalid_deadline",
        (market) => ({ order: { settleBy: BigInt(market.now() / 1_000) + 6_601n } }),
      ],
      ["for a capability nobody offers", "unknown_capability", () => ({ spec: { capability: "text.nothing" } })],
      [
        "for an agent that does not offer it",
        "unknown_capability",
        () => ({ spec: { agentVersion: hashJson("no agent") } }),
      ],
      ["whose input does not fit the agent's schema", "input_mismatch", () => ({ input: { text: 5 } })],
      [
        "whose session key was not authorised by the wallet",
        "wrong_signature",
        () => ({ session: { key: randomKey(), signer: randomKey() } }),
      ],
      [
        "whose session key acts for another wallet",
        "wrong_signature",
        () => ({ session: { key: randomKey(), limits: { wallet: randomKey().address } } }),
      ],
      [
        "signed by another key than the session's",
        "wrong_signature",
        () => ({ session: { key: randomKey() }, signer: randomKey() }),
      ],
      [
        "over what a session key may order for",
        "session_key_limit",
        () => ({ session: { key: randomKey(), limits: { maxPerOrder: 99_999n } } }),
      ],
      [
        "over what a session key may spend in all",
        "session_key_limit",
        () => ({ session: { key: randomKey(), limits: { maxTotal: 99_999n } } }),
      ],
      [
        "that sets a budget for sub-tasks aside by a session key",
        "session_key_limit",
        () => ({ session: { key: randomKey() }, spec: { subtasks: { budget: "1" } } }),
      ],
      [
        "in another token than a session key's",
        "session_key_limit",
        () => ({ session: { key: randomKey(), limits: { token: randomKey().address } } }),
      ],
      [
        "that outlives its session key",
        "session_key_limit",
        (market) => ({ session: { key: randomKey(), limits: { expiresAt: BigInt(market.now() / 1_000) + 2_999n } } }),
      ],
    ];

    test.each(orders)("%s: %s", async (_, code, plan) => {
      const market = await setup();
      const requester = await market.requester(10_000_000n);
      const request = await market.order(requester, plan(market, requester));
      await expectRefusal(code, () => market.market.submitTask(request));
    });

    test("with an input over the size limit", async () => {
      const market = await setup();
      const request = await market.order(await market.requester());
      await expectRefusal("too_large", () => market.market.submitTask({ ...request, inputBytes: (1 << 20) + 1 }));
    });

    test("altered after it was signed", async () => {
      const market = await setup();
      const request = await market.order(await market.requester());
      await expectRefusal("wrong_signature", () =>
        market.market.submitTask({ ...request, order: { ...request.order, maxPrice: request.order.maxPrice - 1n } }),
      );
    });

    test("whose number its requester used before, or took back on chain", async () => {
      const market = await setup();
      const requester = await market.requester();
      await market.submit(requester, { order: { nonce: 7n } });
      const again = await market.order(requester, { order: { nonce: 7n }, maxPrice: 90_000n });
      await expectRefusal("nonce_used", () => market.market.submitTask(again));
      await market.vault({ type: "order_cancelled", requester: requester.address, nonce: 8n });
      const cancelled = await market.order(requester, { order: { nonce: 8n } });
      await expectRefusal("nonce_used", () => market.market.submitTask(cancelled));
    });

    test("signed by a session key that was revoked on chain", async () => {
      const market = await setup();
      const requester = await market.requester();
      await market.vault({ type: "session_revoked", wallet: requester.address, nonce: 1n });
      const request = await market.order(requester, { session: { key: randomKey() } });
      await expectRefusal("session_key_limit", () => market.market.submitTask(request));
    });
  });

  test("an order sent again opens one task, and holds its price once", async () => {
    const market = await setup();
    const requester = await market.requester(150_000n);
    const request = await market.order(requester);
    const answers = await Promise.all([market.market.submitTask(request), market.market.submitTask(request)]);
    const third = await market.market.submitTask(request);
    expect([...answers, third].map(({ created }) => created)).toEqual([true, false, false]);
  });

  test("a session key's orders together stay within what it may spend, under way and settled", async () => {
    const market = await setup();
    const requester = await market.requester(10_000_000n);
    const node = await market.node();
    const key = randomKey();
    const limits: Partial<SessionKey> = { maxTotal: 250_000n };
    const order = () => market.order(requester, { session: { key, limits } });
    const results = await Promise.allSettled(
      (await Promise.all([order(), order(), order()])).map((request) => market.market.submitTask(request)),
    );
    expect(results.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "fulfilled", "rejected"]);
    await market.round([[node, 5_000n]]);
    for (const result of results) {
      if (result.status !== "fulfilled") continue;
      const { taskId } = result.value;
      await market.start(taskId, node);
      await market.deliver(taskId, node);
      await market.accept(taskId, key);
    }
    const request = await order();
    await expectRefusal("session_key_limit", () => market.market.submitTask(request));
  });
});
