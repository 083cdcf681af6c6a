import fc from "fast-check";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectChain, localAccount, REORG_DEPTH, startAnvil, vaultAbi } from "@stoa/chain";
import { type Database, listChainBlocks, openDatabase } from "@stoa/store";
import { callAnvil } from "@stoa/testkit";
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished } from "vitest";
import { factsOf, type Indexed, keyOf, startIndex, startPayingChain, stingyProvider, until } from "./index-fixture.ts";

let database: Database;
beforeAll(async () => {
  database = await openDatabase({});
});
afterAll(() => database.close());
beforeEach(() =>
  database.script(
    "delete from chain_events; delete from chain_blocks; delete from chain_indexes; delete from chain_sources",
  ),
);

type World = Awaited<ReturnType<typeof startPayingChain>>;

const amountsOf = async (world: World) =>
  (await factsOf(database, world.chain, world.source)).map((fact) => fact.type === "deposited" && fact.amount);

async function caughtUp(world: World, index: Indexed): Promise<void> {
  await until("the head is indexed", async () => index.cursor() === (await world.head()));
}

it("has every event once, in order, across restarts, and blocks that stand on one another to the depth of a reorganisation", async () => {
  const world = await startPayingChain();
  for (let amount = 2n; amount <= 6n; amount += 1n) await world.pay(amount);
  const first = startIndex(database, world.chain, [world.source]);
  await caughtUp(world, first);
  await first.stop();
  for (let amount = 7n; amount <= 9n; amount += 1n) await world.pay(amount);
  await world.mine(REORG_DEPTH + 20);
  const second = startIndex(database, world.chain, [world.source]);
  await caughtUp(world, second);
  await second.stop();
  expect(await amountsOf(world)).toEqual([1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n, 9n]);
  const blocks = await listChainBlocks(database, world.chain.chainId);
  expect(blocks).toHaveLength(REORG_DEPTH + 1);
  for (const [at, block] of blocks.entries()) if (at > 0) expect(blocks[at - 1]?.parentHash).toBe(block.hash);
});

it("knows an event before it is final, and forgets it when its block leaves the chain", async () => {
  const world = await startPayingChain();
  const index = startIndex(database, world.chain, [world.source]);
  await world.pay(7n);
  await caughtUp(world, index);
  expect(await amountsOf(world)).toEqual([1n, 7n]);
  await world.reorg(1);
  await until("the payment is forgotten", async () => (await amountsOf(world)).length === 1);
  await world.pay(9n);
  await caughtUp(world, index);
  await index.stop();
  expect(await amountsOf(world)).toEqual([1n, 9n]);
  expect(index.progress.some(({ rewound }) => rewound === 1)).toBe(true);
});

it(`follows the chain through a reorganisation ${REORG_DEPTH} blocks deep, also one that happened while it was not running`, async () => {
  const world = await startPayingChain();
  await world.mine(2);
  for (let amount = 2n; amount <= 5n; amount += 1n) await world.pay(amount);
  // Each payment is two blocks: an approval and a deposit.
  await world.mine(REORG_DEPTH - 8);
  const index = startIndex(database, world.chain, [world.source]);
  await caughtUp(world, index);
  expect(await amountsOf(world)).toEqual([1n, 2n, 3n, 4n, 5n]);
  await world.reorg(REORG_DEPTH);
  await until("the four payments are forgotten", async () => (await amountsOf(world)).length === 1);
  await index.stop();
  await world.pay(6n);
  await world.mine(REORG_DEPTH - 2);
  const again = startIndex(database, world.chain, [world.source]);
  await caughtUp(world, again);
  await again.stop();
  await world.reorg(REORG_DEPTH);
  const last = startIndex(database, world.chain, [world.source]);
  await until("the fifth is forgotten", async () => (await amountsOf(world)).length === 1);
  await last.stop();
});

it(`stops loudly, and says what to look at, when the chain turns deeper than ${REORG_DEPTH} blocks`, async () => {
  const world = await startPayingChain();
  await world.pay(2n);
  await world.mine(REORG_DEPTH + 2);
  const index = startIndex(database, world.chain, [world.source]);
  await caughtUp(world, index);
  const before = await amountsOf(world);
  await world.reorg(REORG_DEPTH + 1);
  await world.mine(1);
  await expect(index.ended).rejects.toMatchObject({
    code: "chain_reorganised",
    message: expect.stringMatching(
      /blocks \d+ to \d+ that were read of chain 31337.*another chain, or one that was reset/,
    ),
  });
  // Nothing is touched: whoever looks at it has all that was known.
  expect(await amountsOf(world)).toEqual(before);
});

it("ends up with exactly the chain's events, whatever reorganisations and restarts happen under load", async () => {
  const world = await startPayingChain();
  await world.mine(30);
  let index = startIndex(database, world.chain, [world.source]);
  const acts = {
    pay: (size: number) => world.pay(BigInt(size)),
    mine: (size: number) => world.mine(size),
    reorg: (size: number) => world.reorg(size),
    async restart() {
      await index.stop();
      index = startIndex(database, world.chain, [world.source]);
    },
  };
  const act = fc.constantFrom("pay", "pay", "pay", "pay", "mine", "reorg", "restart");
  const step = fc.tuple(act, fc.integer({ min: 1, max: 20 }));
  for (const [name, size] of fc.sample(step, { numRuns: 120, seed: 7 })) await acts[name](size);
  await world.mine(1);
  await caughtUp(world, index);
  await index.stop();
  expect((await factsOf(database, world.chain, world.source)).map(keyOf)).toEqual(await world.keys());
  // In the middle of a reorganisation the chain itself may not know for a moment what it just told.
  expect(index.faults.filter((fault) => fault && fault.code !== "chain_unavailable")).toEqual([]);
});

it("reads a long past from a provider that answers for few blocks, asks for more when it may, and tells how far it is", async () => {
  const world = await startPayingChain();
  for (let amount = 2n; amount <= 5n; amount += 1n) {
    await world.pay(amount);
    await world.mine(700);
  }
  const provider = await stingyProvider(world.anvil.rpcUrl);
  provider.allow(100);
  const chain = await connectChain({ rpcUrl: provider.url });
  const index = startIndex(database, chain, [world.source], { maxRange: 4_000 });
  await until("a part is read", () => index.cursor() > 500);
  provider.allow(Number.POSITIVE_INFINITY);
  await caughtUp(world, index);
  await index.stop();
  expect(await amountsOf(world)).toEqual([1n, 2n, 3n, 4n, 5n]);
  expect(provider.asked.slice(0, 5)).toEqual([2_000, 1_000, 500, 250, 125]);
  expect(provider.asked[5]).toBe(62);
  expect(Math.max(...provider.asked.slice(6))).toBeGreaterThan(124);
  expect(index.faults).toEqual([]);
  const cursors = index.progress.map(({ cursor }) => cursor.number);
  expect(cursors).toEqual(cursors.toSorted((a, b) => a - b));
  expect(index.progress.at(-1)).toMatchObject({ head: await world.head() });
});

it("asks again for a block that its provider forgets for a moment, and waits for one that it forgets longer", async () => {
  const world = await startPayingChain();
  const provider = await stingyProvider(world.anvil.rpcUrl);
  const chain = await connectChain({ rpcUrl: provider.url });
  const index = startIndex(database, chain, [world.source]);
  await caughtUp(world, index);
  provider.forget(1);
  await world.mine(1);
  await caughtUp(world, index);
  expect(index.faults).toEqual([]);
  provider.forget(2);
  await world.mine(1);
  await caughtUp(world, index);
  await world.pay(2n);
  await caughtUp(world, index);
  await index.stop();
  expect(index.faults).toEqual([expect.objectContaining({ code: "chain_unavailable" }), null]);
  expect(await amountsOf(world)).toEqual([1n, 2n]);
});

it("reads several chains side by side, each for itself", async () => {
  const world = await startPayingChain();
  await using other = await startAnvil({ chainId: 8_453 });
  const otherChain = await connectChain({ rpcUrl: other.rpcUrl });
  const index = startIndex(database, world.chain, [world.source]);
  const elsewhere = startIndex(database, otherChain, [{ ...world.source, fromBlock: 0 }]);
  await world.pay(3n);
  await caughtUp(world, index);
  await until("the other chain is read", () => elsewhere.cursor() === 0);
  await world.reorg(1);
  await until("the payment is forgotten", async () => (await amountsOf(world)).length === 1);
  await Promise.all([index.stop(), elsewhere.stop()]);
  expect(await listChainBlocks(database, 8_453)).toHaveLength(1);
  expect(await factsOf(database, otherChain, world.source)).toEqual([]);
});

it("reads the past again for a contract that is followed later, and nothing twice", async () => {
  const world = await startPayingChain();
  await world.pay(2n);
  const token = { ...world.source, address: world.market.token };
  const first = startIndex(database, world.chain, [token]);
  await caughtUp(world, first);
  await first.stop();
  expect(await amountsOf(world)).toEqual([]);
  const second = startIndex(database, world.chain, [token, world.source]);
  await until("both are known", async () => (await amountsOf(world)).length === 2);
  await second.stop();
  expect(await amountsOf(world)).toEqual([1n, 2n]);
});

it("keeps trying while the chain is away, says so, and goes on where it was", async () => {
  const folder = await mkdtemp(join(tmpdir(), "stoa-away-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const stateFile = join(folder, "chain.json");
  const anvil = await startAnvil({ stateFile });
  const chain = await connectChain({ rpcUrl: anvil.rpcUrl });
  const source = { address: localAccount(0).address, abi: vaultAbi, fromBlock: 0 };
  await callAnvil(anvil, "anvil_mine", ["0x5"]);
  const index = startIndex(database, chain, [source]);
  await until("five blocks", () => index.cursor() === 5);
  await anvil.stop();
  await until("two vain tries", () => index.faults.length >= 2);
  expect(index.faults[0]).toMatchObject({ code: "chain_unavailable" });
  await using again = await startAnvil({ stateFile, port: anvil.port });
  await callAnvil(again, "anvil_mine", ["0x2"]);
  await until("seven blocks", () => index.cursor() === 7);
  expect(index.faults.at(-1)).toBeNull();
  await index.stop();
});
