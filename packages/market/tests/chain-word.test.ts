import { findTask, loadSettlements, sumBalances } from "@stoa/store";
import { createMarketFixture, databaseKinds, type FixtureVaultEvent, type TestDatabase } from "@stoa/testkit";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { expectSoundLedger } from "./expect-sound-ledger.ts";

type Fixture = Awaited<ReturnType<typeof createMarketFixture>>;

describe.each(databaseKinds)("on $name", (kind) => {
  let opened: TestDatabase;
  let before: bigint;
  beforeAll(async () => {
    opened = await kind.start();
  });
  afterAll(() => opened[Symbol.asyncDispose]());
  beforeEach(async () => {
    before = 0n;
    before = await ledgerTotal();
  });
  afterEach(() => expectSoundLedger(opened.database));
  const setup = () => createMarketFixture({ database: opened.database });

  /** What the ledger says this test brought into the vault, less what the chain took beyond the ledger. */
  async function ledgerTotal(): Promise<bigint> {
    const [row] = await opened.database.query<{ total: bigint }>(
      `select coalesce((select -amount from balances where account = 'chain'), 0) - coalesce((select sum(amount) from overdrafts), 0) as total`,
    );
    return row!.total - before;
  }

  async function owed(): Promise<unknown[]> {
    return opened.database.query("select account, amount from overdrafts order by account");
  }

  /** A task that its first node failed and its second delivered. */
  async function takenOver(market: Fixture) {
    const requester = await market.requester(200_000n);
    const [first, second] = [await market.node(), await market.node()];
    const taskId = await market.submit(requester, { maxPrice: 102_000n });
    await market.round([
      [first, 5_000n],
      [second, 9_000n],
    ]);
    await market.start(taskId, first);
    const failed = await market.award(taskId);
    await market.fault(taskId, "not_delivered");
    await market.start(taskId, second);
    await market.deliver(taskId, second);
    const settledForFirst: FixtureVaultEvent = {
      type: "settled",
      orderHash: taskId,
      node: first.key.address,
      payment: failed.price - failed.royalty,
      royalty: failed.royalty,
      fee: (failed.price * 200n) / 10_000n,
    };
    return { requester, first, second, taskId, failed, settledForFirst };
  }

  test("a deposit larger than any database integer is counted, and can be withdrawn", async () => {
    const market = await setup();
    const owner = await market.requester(0n);
    const huge = 2n ** 200n;
    await market.fund(owner, huge);
    await market.fund(owner, huge);
    expect(await sumBalances(opened.database, owner.address)).toMatchObject({ available: 2n * huge });
    await market.vault({ type: "withdrawal_requested", owner: owner.address, amount: huge });
    await market.vault({ type: "withdrawal_completed", owner: owner.address, amount: huge });
    expect(await sumBalances(opened.database, owner.address)).toMatchObject({ available: huge, withdrawing: 0n });
  });

  test("what the chain pays out beyond the ledger is owed, and repaid from what comes in", async () => {
    const market = await setup();
    const requester = await market.requester(100_000n);
    const taskId = await market.submit(requester, { maxPrice: 80_000n });
    await market.vault({ type: "withdrawal_requested", owner: requester.address, amount: 100_000n });
    await market.vault({ type: "withdrawal_completed", owner: requester.address, amount: 100_000n });
    expect(await owed()).toEqual([{ account: `available:${requester.address}`, amount: 80_000n }]);
    expect(await ledgerTotal()).toBe(0n);
    await market.fund(requester, 30_000n);
    expect(await owed()).toEqual([{ account: `available:${requester.address}`, amount: 50_000n }]);
    await market.market.cancelTask({ taskId, requester: requester.address });
    await market.vault();
    expect(await owed()).toEqual([]);
    expect(await sumBalances(opened.database, requester.address)).toMatchObject({
      available: 30_000n,
      withdrawing: 0n,
    });
    expect(await ledgerTotal()).toBe(30_000n);
  });

  test("stake that leaves while it is bound is owed, and repaid as the bond comes free", async () => {
    const market = await setup();
    const requester = await market.requester(200_000n);
    const node = await market.node({ stake: 4_000n });
    const stakedNode = { provider: node.provider.address, node: node.key.address };
    const taskId = await market.submit(requester);
    await market.round([[node, 5_000n]]);
    await market.vault({ type: "unstake_requested", ...stakedNode, amount: 4_000n });
    await market.vault({ type: "unstake_completed", ...stakedNode, amount: 4_000n });
    expect(await ledgerTotal()).toBe(200_000n);
    await market.start(taskId, node);
    await market.deliver(taskId, node);
    await market.accept(taskId, requester);
    await market.vault();
    expect(await owed()).toEqual([]);
    expect(await ledgerTotal()).toBe(200_000n);
  });

  test("stake a ruling takes is gone from the node, from its bond as that comes free, then from what waits", async () => {
    const market = await setup();
    const requester = await market.requester(200_000n);
    const node = await market.node({ stake: 5_000n });
    const stakedNode = { provider: node.provider.address, node: node.key.address };
    const taskId = await market.submit(requester);
    await market.round([[node, 5_000n]]);
    await market.vault({ type: "unstake_requested", ...stakedNode, amount: 1_500n });
    // 2,500 free, a bond of 1,000, 1,500 waiting.
    await market.vault({ type: "stake_taken", ...stakedNode, amount: 4_000n });
    expect(await owed()).toEqual([{ account: `staked:${node.provider.address}/${node.key.address}`, amount: 1_000n }]);
    expect(await ledgerTotal()).toBe(201_000n);
    await market.start(taskId, node);
    await market.deliver(taskId, node);
    await market.accept(taskId, requester);
    await market.vault({ type: "unstake_completed", ...stakedNode, amount: 1_000n });
    expect(await owed()).toEqual([]);
    expect(await ledgerTotal()).toBe(200_000n);
  });

  test("a charge after the hold was given back is repaid to the vault's mirror", async () => {
    const market = await setup();
    const requester = await market.requester(200_000n);
    const node = await market.node({ stake: 4_000n });
    const taskId = await market.submit(requester, { maxPrice: 102_000n });
    await market.round([[node, 5_000n]]);
    await market.start(taskId, node);
    const event = await market.settledEvent(taskId);
    await market.market.failExecution({ taskId, node: node.key.address, reason: "crashed", message: "it threw" });
    await market.submit(requester, { maxPrice: 199_000n });
    await market.vault(event);
    expect(await owed()).toHaveLength(1);
    expect(await ledgerTotal()).toBe(204_000n);
    await market.fund(requester, 300_000n);
    expect(await owed()).toEqual([]);
    expect(await ledgerTotal()).toBe(504_000n);
  });

  test("who takes the fees can also order and be paid: one balance of the vault, whatever it is for", async () => {
    const market = await setup();
    const treasury = { address: market.terms.feeRecipient };
    await market.vault({ type: "deposited", owner: treasury.address, amount: 500n });
    expect(await sumBalances(opened.database, treasury.address)).toMatchObject({ available: 500n });
    await market.vault({ type: "withdrawal_requested", owner: treasury.address, amount: 500n });
    await market.vault({ type: "withdrawal_completed", owner: treasury.address, amount: 500n });
    expect(await owed()).toEqual([]);
    expect(await ledgerTotal()).toBe(0n);
  });

  test("a node that claims its delivered task itself is paid without the market's claim", async () => {
    const market = await setup();
    const requester = await market.requester(200_000n);
    const node = await market.node();
    const taskId = await market.submit(requester);
    await market.round([[node, 5_000n]]);
    await market.start(taskId, node);
    await market.deliver(taskId, node);
    const payableAt = market.now() + 600_000;
    await market.vault({ type: "claimed", orderHash: taskId, node: node.key.address, payableAt });
    expect(await findTask(opened.database, taskId)).toMatchObject({ wakeAt: payableAt });
    market.advance(600_000);
    await market.market.settleClaimedTask(taskId);
    expect(await loadSettlements(opened.database, [taskId])).toMatchObject([{ kind: "settle", state: "pending" }]);
  });

  test("a failed node's claim that is challenged and released costs the node that delivered nothing", async () => {
    const market = await setup();
    const { requester, first, second, taskId } = await takenOver(market);
    const before = await sumBalances(opened.database, requester.address);
    await market.vault({ type: "claimed", orderHash: taskId, node: first.key.address, payableAt: market.now() });
    await market.vault({ type: "challenged", orderHash: taskId, requester: requester.address, bond: 500n });
    await market.vault({ type: "ruled", orderHash: taskId, pay: false }, { type: "claim_released", orderHash: taskId });
    expect(await findTask(opened.database, taskId)).toMatchObject({ state: "delivered" });
    expect(await sumBalances(opened.database, requester.address)).toEqual(before);
    await market.accept(taskId, requester);
    expect((await sumBalances(opened.database, second.provider.address)).available).toBeGreaterThan(0n);
  });

  test("a failed node's claim that is upheld takes the bond, and its settlement pays it and not the one that delivered", async () => {
    const market = await setup();
    const { requester, first, second, taskId, failed, settledForFirst } = await takenOver(market);
    await market.vault({ type: "claimed", orderHash: taskId, node: first.key.address, payableAt: market.now() });
    await market.vault({ type: "challenged", orderHash: taskId, requester: requester.address, bond: 500n });
    await market.vault({ type: "ruled", orderHash: taskId, pay: true });
    expect(await findTask(opened.database, taskId)).toMatchObject({ state: "delivered" });
    await market.vault(settledForFirst);
    expect(await findTask(opened.database, taskId)).toMatchObject({ state: "settled" });
    expect(await sumBalances(opened.database, first.provider.address)).toMatchObject({
      available: failed.price - failed.royalty + 500n,
    });
    expect(await sumBalances(opened.database, second.provider.address)).toMatchObject({
      available: 0n,
      bonded: 0n,
    });
  });

  test("where the chain paid another node than the ledger had paid, the ledger follows", async () => {
    const market = await setup();
    const { requester, first, second, taskId, failed, settledForFirst } = await takenOver(market);
    const total = await ledgerTotal();
    await market.vault({ type: "claimed", orderHash: taskId, node: first.key.address, payableAt: market.now() });
    await market.accept(taskId, requester);
    const paid = await sumBalances(opened.database, second.provider.address);
    await market.vault({ type: "withdrawal_requested", owner: second.provider.address, amount: paid.available });
    await market.vault({ type: "withdrawal_cancelled", owner: second.provider.address, amount: paid.available });
    await market.vault(settledForFirst);
    expect(await sumBalances(opened.database, second.provider.address)).toMatchObject({ available: 0n });
    expect(await sumBalances(opened.database, first.provider.address)).toMatchObject({
      available: failed.price - failed.royalty,
    });
    expect(await loadSettlements(opened.database, [taskId])).toMatchObject([{ state: "confirmed" }]);
    expect(await ledgerTotal()).toBe(total);
  });

  test("a claim that is posted again opens no other window, and one that is challenged waits for its ruling", async () => {
    const market = await setup();
    const requester = await market.requester(200_000n);
    const node = await market.node();
    const taskId = await market.submit(requester, { maxPrice: 102_000n });
    await market.round([[node, 5_000n]]);
    await market.start(taskId, node);
    await market.deliver(taskId, node);
    const told = { orderHash: taskId, node: node.key.address };
    const payableAt = market.now() + 60_000;
    const posted = async () => (await loadSettlements(opened.database, [taskId]))[0];
    await market.vault({ type: "claim_posted", ...told, payableAt });
    await market.vault({ type: "claim_posted", ...told, payableAt: payableAt + 60_000 });
    expect(await posted()).toMatchObject({ kind: "claim", state: "claimed", payableAt });
    await market.vault(
      { type: "claimed", ...told, payableAt },
      { type: "challenged", orderHash: taskId, requester: requester.address, bond: 500n },
    );
    await market.vault({ type: "claim_posted", ...told, payableAt: payableAt + 60_000 });
    expect(await posted()).toMatchObject({ kind: "claim", state: "claimed", payableAt: null });
    await market.vault({ type: "claim_released", orderHash: taskId });
    expect(await findTask(opened.database, taskId)).toMatchObject({ outcome: { kind: "unpaid" } });
    expect(await sumBalances(opened.database, requester.address)).toMatchObject({ available: 200_000n, held: 0n });
  });

  test("an acceptance that overtakes a challenged claim gives the bond back", async () => {
    const market = await setup();
    const requester = await market.requester(200_000n);
    const node = await market.node();
    const taskId = await market.submit(requester, { maxPrice: 102_000n });
    await market.round([[node, 5_000n]]);
    await market.start(taskId, node);
    await market.deliver(taskId, node);
    await market.vault({ type: "claimed", orderHash: taskId, node: node.key.address, payableAt: market.now() });
    await market.vault({ type: "challenged", orderHash: taskId, requester: requester.address, bond: 500n });
    const { charge } = await market.accept(taskId, requester);
    await market.vault({ type: "claim_released", orderHash: taskId }, await market.settledEvent(taskId));
    expect(await sumBalances(opened.database, requester.address)).toMatchObject({
      available: 200_000n - charge,
      held: 0n,
      withdrawing: 0n,
    });
  });

  test("an order the chain settles while its task waits for another round ends it, paid once", async () => {
    const market = await setup();
    const requester = await market.requester(200_000n);
    const node = await market.node();
    const taskId = await market.submit(requester, { maxPrice: 102_000n });
    await market.round([[node, 5_000n]]);
    await market.start(taskId, node);
    const event = await market.settledEvent(taskId);
    await market.fault(taskId, "not_delivered");
    expect(await findTask(opened.database, taskId)).toMatchObject({ state: "open" });
    const total = await ledgerTotal();
    await market.vault(event);
    expect(await findTask(opened.database, taskId)).toMatchObject({ state: "settled", wakeAt: null });
    expect(await ledgerTotal()).toBe(total);
  });
});
