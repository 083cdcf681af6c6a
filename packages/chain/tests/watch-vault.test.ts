import fc from "fast-check";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import {
  connectChain,
  createSender,
  deployMarket,
  deposit,
  localAccount,
  mintTestDollars,
  requestWithdrawal,
  stake,
  startAnvil,
  vaultAbi,
} from "@stoa/chain";
import { callAnvil, type MarketChain, startMarketChain } from "@stoa/testkit";
import { observe, until } from "./watch-setup.ts";

const keyOf = (record: { blockHash: string; logIndex: number }) => `${record.blockHash}:${record.logIndex}`;

async function setup() {
  const world = await startMarketChain();
  onTestFinished(() => world[Symbol.asyncDispose]());
  const owner = await world.fundedAccount(1_000n);
  const { vault, token } = world.market;
  // Approved at once, so that each deposit is one transaction in one block.
  await deposit(owner.sender, { vault, token, amount: 1n });
  return { world, owner, pay: (amount: bigint) => deposit(owner.sender, { vault, token, amount }) };
}

const mine = (world: MarketChain, blocks: number) => callAnvil(world.anvil, "anvil_mine", [`0x${blocks.toString(16)}`]);
const reorg = (world: MarketChain, depth: number) => callAnvil(world.anvil, "anvil_reorg", [depth, []]);

it("hands every record over once, in order, across restarts from the persisted cursor", async () => {
  const { world, owner, pay } = await setup();
  const { vault, token } = world.market;
  await pay(5n);
  const first = observe(world.chain, world.market, { confirmations: 0 });
  await until("both deposits", () => first.records.length === 2);
  await first.stop();
  await requestWithdrawal(owner.sender, { vault, token, amount: 2n });
  await stake(owner.sender, { vault, token, node: localAccount(5).address, amount: 3n });
  const second = observe(world.chain, world.market, { confirmations: 0, cursor: first.cursor() });
  await until("the withdrawal and the stake", () => second.records.length === 2);
  await second.stop();
  expect([...first.records, ...second.records].map(({ type }) => type)).toEqual([
    "deposited",
    "deposited",
    "withdrawal_requested",
    "staked",
  ]);
  expect(first.records[1]).toMatchObject({ owner: owner.account.address, token, amount: 5n });
  const [request] = second.records;
  expect(request).toMatchObject({ unlocksAt: (request?.at ?? 0) + world.parameters.withdrawDelay * 1_000 });
});

it("reads a long past in parts without losing or repeating any of it", async () => {
  const { world, pay } = await setup();
  for (let amount = 2n; amount <= 6n; amount += 1n) {
    await pay(amount);
    await mine(world, 5);
  }
  const watch = observe(world.chain, world.market, { confirmations: 2, maxRange: 4 });
  await until("six deposits", () => watch.records.length === 6);
  await watch.stop();
  expect(watch.records.map((record) => record.type === "deposited" && record.amount)).toEqual([1n, 2n, 3n, 4n, 5n, 6n]);
  for (const [index, { fromBlock }] of watch.batches.entries()) {
    if (index > 0) expect(fromBlock).toBe((watch.batches[index - 1]?.cursor.number ?? 0) + 1);
  }
});

it("tells a deposit that has too few blocks on it as pending, and never hands over one a reorg takes away", async () => {
  const { world, pay } = await setup();
  await mine(world, 3);
  const watch = observe(world.chain, world.market, { confirmations: 3 });
  await until("the first deposit", () => watch.records.length === 1);
  await pay(7n);
  await until("the second is pending", () => watch.pending.at(-1)?.length === 1);
  await reorg(world, 1);
  await until("it is pending no more", () => watch.pending.at(-1)?.length === 0);
  await mine(world, 8);
  await pay(9n);
  await mine(world, 3);
  await until("the third deposit", () => watch.records.length === 2);
  await watch.stop();
  expect(watch.records.map((record) => record.type === "deposited" && record.amount)).toEqual([1n, 9n]);
});

it("stops with chain_reorganised when a block it handed over leaves the chain", async () => {
  const { world, pay } = await setup();
  await pay(7n);
  await mine(world, 3);
  const watch = observe(world.chain, world.market, { confirmations: 1 });
  await until("both deposits", () => watch.records.length === 2);
  await reorg(world, 4);
  await expect(watch.ended).rejects.toMatchObject({ code: "chain_reorganised" });
});

it("notices a reorg that happened while it was not running", async () => {
  const { world, pay } = await setup();
  await pay(7n);
  const watch = observe(world.chain, world.market, { confirmations: 0 });
  await until("both deposits", () => watch.records.length === 2);
  await watch.stop();
  await reorg(world, 1);
  await mine(world, 2);
  const resumed = observe(world.chain, world.market, { confirmations: 0, cursor: watch.cursor() });
  await expect(resumed.ended).rejects.toMatchObject({ code: "chain_reorganised" });
});

it("keeps trying while the chain is away, says so, and goes on where it was", async () => {
  const folder = await mkdtemp(join(tmpdir(), "stoa-away-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const stateFile = join(folder, "chain.json");
  const anvil = await startAnvil({ stateFile });
  const chain = await connectChain({ rpcUrl: anvil.rpcUrl });
  const sender = createSender(chain, localAccount(0));
  const [operator, other] = [localAccount(0).address, localAccount(1).address];
  const parties = { operator, arbiter: other, feeRecipient: other, faultPool: other };
  const limits = { feeBps: 0, challengeBondBps: 0, withdrawDelay: 10, challengeWindow: 5 };
  const market = await deployMarket({
    sender,
    parameters: { ...parties, ...limits },
    bookFile: join(folder, "book.json"),
  });
  const { token, vault } = market;
  await mintTestDollars(sender, { token, to: operator, amount: 100n });
  await deposit(sender, { vault, token, amount: 1n });
  const watch = observe(chain, market, { confirmations: 0 });
  await until("the first deposit", () => watch.records.length === 1);
  await anvil.stop();
  await until("two vain tries", () => watch.faults.length >= 2);
  expect(watch.faults[0]).toMatchObject({ code: "chain_unavailable" });
  await using again = await startAnvil({ stateFile, port: anvil.port });
  await deposit(createSender(await connectChain({ rpcUrl: again.rpcUrl }), localAccount(0)), {
    vault,
    token,
    amount: 2n,
  });
  await until("the second deposit", () => watch.records.length === 2);
  expect(watch.faults.at(-1)).toBeNull();
  await watch.stop();
});

it("hands over exactly what the chain ends up with, whatever reorgs above the confirmations happen on the way", async () => {
  const { world, pay } = await setup();
  await mine(world, 4);
  let watch = observe(world.chain, world.market, { confirmations: 3, maxRange: 3 });
  const delivered: string[] = [];
  const stopWatch = async () => {
    await watch.stop();
    delivered.push(...watch.records.map(keyOf));
  };
  const acts = {
    pay: (amount: number) => pay(BigInt(amount)),
    mine: (blocks: number) => mine(world, blocks),
    reorg: (depth: number) => reorg(world, depth),
    async restart() {
      await stopWatch();
      watch = observe(world.chain, world.market, { confirmations: 3, maxRange: 3, cursor: watch.cursor() });
    },
  };
  const step = fc.tuple(fc.constantFrom("pay", "pay", "mine", "reorg", "restart"), fc.integer({ min: 1, max: 3 }));
  for (const [act, size] of fc.sample(step, { numRuns: 60 })) await acts[act](size);
  await mine(world, 3);
  const head = Number(await world.chain.client.getBlockNumber({ cacheTime: 0 }));
  await until("all confirmed blocks", () => (watch.cursor()?.number ?? 0) >= head - 3);
  await stopWatch();
  const logs = await world.chain.client.getContractEvents({
    abi: vaultAbi,
    address: world.market.vault,
    eventName: "Deposited",
    fromBlock: BigInt(world.market.deployedAtBlock),
    toBlock: BigInt(head - 3),
  });
  expect(delivered).toEqual(logs.map(keyOf));
});
