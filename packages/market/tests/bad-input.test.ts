import { answersRoot } from "@stoa/core";
import { agentVersionId, hashJson, type SessionKey, signTyped } from "@stoa/protocol";
import { createMarketFixture, databaseKinds, type MarketFixture, type OrderPlan, randomKey, type TestDatabase } from "@stoa/testkit";
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
  const refused = (code: Parameters<typeof expectRefused>[1], run: () => Promise<unknown>) => expectRefused(opened.database, code, run);

  describe("an order is refused and nothing changes", () => {
    const orders: [string, Parameters<typeof expectRefused>[1], (market: MarketFixture, requester: LocalAccount) => OrderPlan][] = [
      ["signed by another wallet", "wrong_signature", () => ({ signer: randomKey() })],
      ["for another operator", "invalid_order", () => ({ order: { operator: randomKey().address } })],
      ["in another token", "invalid_order", () => ({ order: { token: randomKey().address } })],
      ["over another specification than it is sent with", "invalid_order", () => ({ order: { taskHash: hashJson("other") } })],
      ["whose result is to be encrypted", "invalid_order", () => ({ order: { resultKey: hashJson("key") } })],
      ["that caps the fee below the market's", "invalid_order", () => ({ order: { feeCapBps: 199 } })],
      ["that caps the fee above what a vault takes", "invalid_order", () => ({ order: { feeCapBps: 1_001 } })],
      ["with a maximum price of zero", "invalid_price", () => ({ maxPrice: 0n })],
      ["with a maximum price over the balance", "insufficient_funds", () => ({ maxPrice: 10_000_001n })],
      ["whose deadline is past", "invalid_deadline", (market) => ({ order: { deliverBy: BigInt(market.now() / 1_000) } })],
      ["whose deadline leaves no time to start", "invalid_deadline", (market) => ({ order: { deliverBy: BigInt(market.now() / 1_000) + 29n } })],
      ["that leaves no time to approve and challenge", "invalid_deadline", (market) => ({ order: { settleBy: BigInt(market.now() / 1_000) + 1_499n } })],
      ["that a withdrawal could outrun", "invalid_deadline", (market) => ({ order: { settleBy: BigInt(market.now() / 1_000) + 6_601n } })],
      ["for a capability nobody offers", "unknown_capability", () => ({ spec: { capability: "text.nothing" } })],
      ["for an agent that does not offer it", "unknown_capability", () => ({ spec: { agentVersion: hashJson("no agent") } })],
      ["whose input does not fit the agent's schema", "input_mismatch", () => ({ input: { text: 5 } })],
      ["whose session key was not authorised by the wallet", "wrong_signature", () => ({ session: { key: randomKey(), signer: randomKey() } })],
      ["whose session key acts for another wallet", "wrong_signature", () => ({ session: { key: randomKey(), limits: { wallet: randomKey().address } } })],
      ["signed by another key than the session's", "wrong_signature", () => ({ session: { key: randomKey() }, signer: randomKey() })],
      ["over what a session key may order for", "session_key_limit", () => ({ session: { key: randomKey(), limits: { maxPerOrder: 99_999n } } })],
      ["over what a session key may spend in all", "session_key_limit", () => ({ session: { key: randomKey(), limits: { maxTotal: 99_999n } } })],
      ["in another token than a session key's", "session_key_limit", () => ({ session: { key: randomKey(), limits: { token: randomKey().address } } })],
      ["that outlives its session key", "session_key_limit", (market) => ({ session: { key: randomKey(), limits: { expiresAt: BigInt(market.now() / 1_000) + 2_999n } } })],
    ];

    test.each(orders)("%s: %s", async (_, code, plan) => {
      const market = await setup();
      const requester = await market.requester(10_000_000n);
      const request = await market.order(requester, plan(market, requester));
      await refused(code, () => market.market.submitTask(request));
    });

    test("with an input over the size limit", async () => {
      const market = await setup();
      const request = await market.order(await market.requester());
      await refused("too_large", () => market.market.submitTask({ ...request, inputBytes: (1 << 20) + 1 }));
    });

    test("altered after it was signed", async () => {
      const market = await setup();
      const request = await market.order(await market.requester());
      await refused("wrong_signature", () => market.market.submitTask({ ...request, order: { ...request.order, maxPrice: request.order.maxPrice - 1n } }));
    });

    test("whose number its requester used before, or took back on chain", async () => {
      const market = await setup();
      const requester = await market.requester();
      await market.submit(requester, { order: { nonce: 7n } });
      const again = await market.order(requester, { order: { nonce: 7n }, maxPrice: 90_000n });
      await refused("nonce_used", () => market.market.submitTask(again));
      await market.vault({ type: "order_cancelled", requester: requester.address, nonce: 8n });
      const cancelled = await market.order(requester, { order: { nonce: 8n } });
      await refused("nonce_used", () => market.market.submitTask(cancelled));
    });

    test("signed by a session key that was revoked on chain", async () => {
      const market = await setup();
      const requester = await market.requester();
      await market.vault({ type: "session_revoked", wallet: requester.address, nonce: 1n });
      const request = await market.order(requester, { session: { key: randomKey() } });
      await refused("session_key_limit", () => market.market.submitTask(request));
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
    const results = await Promise.allSettled((await Promise.all([order(), order(), order()])).map((request) => market.market.submitTask(request)));
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "rejected"]);
    await market.round([[node, 5_000n]]);
    for (const result of results) {
      if (result.status !== "fulfilled") continue;
      const { taskId } = result.value;
      await market.start(taskId, node);
      await market.deliver(taskId, node);
      await market.accept(taskId, key);
    }
    const request = await order();
    await refused("session_key_limit", () => market.market.submitTask(request));
  });

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
      await refused("unknown_node", () => market.market.placeSheet(sheet));
    });

    test("of a node that has not staked its bonds", async () => {
      const market = await setup();
      await market.submit(await market.requester());
      const node = await market.node({ stake: 3_999n, slots: 4 });
      const sheet = await market.sheet(await market.openRound([node]), node, 5n);
      await refused("stake_too_small", () => market.market.placeSheet(sheet));
    });

    test("with a bond below the market's least", async () => {
      const { market, node, round: opened } = await round();
      const sheet = await market.sheet(opened, node, 5n, { bond: 999n });
      await refused("stake_too_small", () => market.market.placeSheet(sheet));
    });

    test("signed by another key", async () => {
      const { market, node, round: opened } = await round();
      const sheet = await market.sheet(opened, { ...node, key: randomKey() }, 5n);
      await refused("wrong_signature", () => market.market.placeSheet({ ...sheet, node: node.key.address, sheet: { ...sheet.sheet, node: node.key.address } }));
    });

    test("whose answers are not those it signs", async () => {
      const { market, node, round: opened } = await round();
      const sheet = await market.sheet(opened, node, 5n);
      const answers = sheet.answers.map((answer) => ({ ...answer, ask: "4" }));
      await refused("invalid_bid", () => market.market.placeSheet({ ...sheet, answers }));
    });

    test("late", async () => {
      const { market, node, round: opened } = await round();
      const sheet = await market.sheet(opened, node, 5n);
      market.advance(151);
      await refused("round_closed", () => market.market.placeSheet(sheet));
      await market.market.closeRound(opened.roundId, "window_elapsed");
      await refused("round_closed", () => market.market.placeSheet(sheet));
    });

    test("for a task never announced", async () => {
      const { market, node, requester, round: opened } = await round();
      const other = await market.submit(requester);
      const task = { ...opened.opening.tasks[0]!, orderHash: other };
      const sheet = await market.sheet({ ...opened, opening: { ...opened.opening, tasks: [task] } }, node, 5n);
      await refused("not_announced", () => market.market.placeSheet(sheet));
    });

    test("for a round that never was", async () => {
      const { market, node, round: opened } = await round();
      const sheet = await market.sheet({ ...opened, roundId: hashJson("no round") as typeof opened.roundId }, node, 5n);
      await refused("not_found", () => market.market.placeSheet(sheet));
    });

    test("that bids with an agent of another capability", async () => {
      const { market, node, round: opened } = await round();
      const other = await setup();
      const sheet = await other.sheet(opened, node, 5n);
      const signature = await signTyped(node.key, market.terms.domain, "BidSheet", sheet.sheet);
      await refused("invalid_bid", () => market.market.placeSheet({ ...sheet, signature }));
    });

    test("that passes for no known reason", async () => {
      const { market, node, round: opened } = await round();
      const sheet = await market.sheet(opened, node, "draining");
      const answers = sheet.answers.map((answer) => ({ ...answer, reason: 99 }));
      const changed = { ...sheet.sheet, answersRoot: answersRoot(answers) };
      const signature = await signTyped(node.key, market.terms.domain, "BidSheet", changed);
      await refused("invalid_bid", () => market.market.placeSheet({ node: node.key.address, sheet: changed, signature, answers }));
    });

    test("a second one that says something else; the first is taken again", async () => {
      const { market, node, round: opened } = await round();
      const sheet = await market.sheet(opened, node, 5n);
      const first = await market.market.placeSheet(sheet);
      expect((await market.market.placeSheet(sheet)).receipt).toEqual(first.receipt);
      const other = await market.sheet(opened, node, 6n);
      await refused("conflicting_bids", () => market.market.placeSheet(other));
    });
  });

  describe("a result is refused and nothing changes", () => {
    const running = async () => {
      const market = await setup();
      const requester = await market.requester();
      const [node, other] = [await market.node(), await market.node()];
      const taskId = await market.submit(requester);
      await market.round([[node, 5_000n], [other, 6_000n]]);
      await market.start(taskId, node);
      return { market, requester, node, other, taskId };
    };

    test("for someone else's task", async () => {
      const { market, other, taskId } = await running();
      const delivery = await market.delivery(taskId, other);
      await refused("not_assigned", () => market.market.deliverResult(delivery));
    });

    test("signed by another key than the node's", async () => {
      const { market, node, other, taskId } = await running();
      const delivery = await market.delivery(taskId, other);
      await refused("wrong_signature", () => market.market.deliverResult({ ...delivery, node: node.key.address }));
    });

    test("with a wrong hash", async () => {
      const { market, node, taskId } = await running();
      const delivery = await market.delivery(taskId, node);
      await refused("wrong_hash", () => market.market.deliverResult({ ...delivery, outputHash: hashJson("other") }));
    });

    test("under an award the task is not under any more", async () => {
      const { market, node, taskId } = await running();
      const delivery = await market.delivery(taskId, node);
      await market.fault(taskId, "refused");
      await refused("not_assigned", () => market.market.deliverResult(delivery));
    });

    test("after the deadline", async () => {
      const { market, node, taskId } = await running();
      market.advance(600_001);
      const delivery = await market.delivery(taskId, node);
      await refused("wrong_state", () => market.market.deliverResult(delivery));
    });

    test("twice: the same changes nothing, another one is refused", async () => {
      const { market, node, taskId } = await running();
      const delivery = await market.delivery(taskId, node);
      await market.market.deliverResult(delivery);
      await market.market.deliverResult(delivery);
      const other = await market.delivery(taskId, node, { text: "other" });
      await refused("wrong_state", () => market.market.deliverResult(other));
    });

    test("an acceptance by anyone but the requester", async () => {
      const { market, node, taskId } = await running();
      await market.deliver(taskId, node);
      const acceptance = await market.acceptance(taskId, randomKey());
      await refused("wrong_signature", () => market.market.acceptTask(acceptance));
    });

    test("a cancellation by anyone but the requester", async () => {
      const market = await setup();
      const taskId = await market.submit(await market.requester());
      await refused("forbidden", () => market.market.cancelTask({ taskId, requester: randomKey().address }));
    });

    test("a start, a log line, progress or a failure from a node that does not have the task", async () => {
      const { market, node, other, taskId } = await running();
      const { hash } = await market.award(taskId);
      const execution = { taskId, node: other.key.address, executionId: "e0e0e0e0" };
      const signature = await signTyped(node.key, market.terms.domain, "Opening", { roundId: hash });
      await refused("not_assigned", () => market.market.startTask({ ...execution, awardHash: hash, nodeSignature: signature }));
      await refused("wrong_signature", () => market.market.startTask({ ...execution, node: node.key.address, awardHash: hash, nodeSignature: signature }));
      await refused("not_assigned", () => market.market.logExecution({ ...execution, firstSeq: 0, lines: [] }));
      await refused("not_assigned", () => market.market.reportProgress({ ...execution, fraction: 0.5, text: "" }));
      await refused("not_assigned", () => market.market.failExecution({ ...execution, reason: "crashed", message: "" }));
    });

    test("log lines over the limit; lines sent twice are kept once", async () => {
      const { market, node, taskId } = await running();
      const execution = { taskId, node: node.key.address, executionId: "e0e0e0e0", firstSeq: 0 };
      await refused("too_large", () => market.market.logExecution({ ...execution, lines: [{ atMs: 1, text: "x".repeat((256 << 10) + 1) }] }));
      const lines = [{ atMs: 1, text: "one" }];
      await Promise.all([market.market.logExecution({ ...execution, lines }), market.market.logExecution({ ...execution, lines })]);
      await market.market.logExecution({ ...execution, lines });
      const kept = await opened.database.query("select lines from execution_logs where task_id = $1", [taskId]);
      expect(kept).toEqual([{ lines }]);
      const told = await opened.database.query("select 1 from events where task_id = $1 and type = 'execution.logged'", [taskId]);
      expect(told).toHaveLength(1);
    });
  });

  describe("a registration is refused and nothing changes", () => {
    test("a name another creator has, its version again with other content, a wrong id, a wrong signature", async () => {
      const market = await setup();
      const { manifest, creator, agentVersion, terms } = market;
      const publish = async (key: LocalAccount, changed: typeof manifest, versionId?: typeof agentVersion) => {
        const publication = { creator: key.address, versionId: versionId ?? agentVersionId(changed) };
        return { manifest: changed, publication, signature: await signTyped(key, terms.domain, "Publication", publication) };
      };
      const other = await publish(randomKey(), { ...manifest, version: "2.0.0" });
      await refused("forbidden", () => market.market.publishAgent(other));
      const changed = await publish(creator, { ...manifest, description: "Changed." });
      await refused("version_exists", () => market.market.publishAgent(changed));
      const wrong = await publish(creator, { ...manifest, version: "2.0.0" }, agentVersion);
      await refused("wrong_hash", () => market.market.publishAgent(wrong));
      const forged = await publish(creator, { ...manifest, version: "3.0.0" });
      await refused("wrong_signature", () => market.market.publishAgent({ ...forged, signature: other.signature }));
      await refused("forbidden", () => market.market.retireAgent({ versionId: agentVersion, creator: randomKey().address }));
      await refused("not_found", () => market.market.retireAgent({ versionId: hashJson("none") as typeof agentVersion, creator: creator.address }));
    });

    test("one name published by two creators at once goes to one of them", async () => {
      const market = await setup();
      const publishing = await Promise.all(["1.0.0", "2.0.0"].map(async (version) => {
        const key = randomKey();
        const manifest = { ...market.manifest, name: `${market.manifest.name}-two`, version };
        const publication = { creator: key.address, versionId: agentVersionId(manifest) };
        return { manifest, publication, signature: await signTyped(key, market.terms.domain, "Publication", publication) };
      }));
      const results = await Promise.allSettled(publishing.map((request) => market.market.publishAgent(request)));
      expect(results.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    });

    test("a node another provider has linked, an expired link, a link its provider did not sign", async () => {
      const market = await setup();
      const node = await market.node();
      const link = async (provider: LocalAccount, seconds: number, signer = provider) => {
        const message = { node: node.key.address, provider: provider.address, expiresAt: BigInt(market.now() / 1_000 + seconds) };
        return { link: message, signature: await signTyped(signer, market.terms.domain, "NodeLink", message), name: "x", slots: 1, agents: [] };
      };
      const [stolen, expired, forged] = [await link(randomKey(), 60), await link(node.provider, 0), await link(node.provider, 60, randomKey())];
      await refused("forbidden", () => market.market.linkNode(stolen));
      await refused("unknown_node", () => market.market.linkNode(expired));
      await refused("wrong_signature", () => market.market.linkNode(forged));
    });
  });
});
