import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { encodeDeployData, encodeFunctionData, getAddress, zeroAddress } from "viem";
import { afterAll, beforeAll, expect, it } from "vitest";
import {
  awaitTransaction,
  awardWinner,
  closeSealedAuction,
  commitBid,
  dueTo,
  openSealedAuction,
  reclaimAward,
  revealBid,
  sealedAuctionAbi,
  sealedAuctionOf,
  type SealedAuctionTerms,
  sealedBidOf,
  sealedCommitment,
  sealedOutcomeOf,
  tokenBalance,
} from "@stoa/chain";
import { clearRound, solveAssignment } from "@stoa/core";
import type { Address, Hash } from "@stoa/protocol";
import { callAnvil, type MarketChain, startMarketChain } from "@stoa/testkit";
import { sealedAuctionBytecode } from "../src/generated/sealed-auction.ts";
import { deployContract } from "./deploy-contract.ts";
import { plainEscrowAbi, plainEscrowBytecode } from "./generated/plain-escrow.ts";

const DOLLAR = 1_000_000n;
const [COMMIT, REVEAL] = [3_600, 7_200];
let world: MarketChain;
let escrow: Address;
let auctions: Address;

beforeAll(async () => {
  world = await startMarketChain();
  const { sender } = world;
  escrow = await deployContract(sender, encodeDeployData({ abi: plainEscrowAbi, bytecode: plainEscrowBytecode }));
  const args = [world.operator.address, escrow, world.faultPool] as const;
  auctions = await deployContract(
    sender,
    encodeDeployData({ abi: sealedAuctionAbi, bytecode: sealedAuctionBytecode, args }),
  );
});
afterAll(() => world[Symbol.asyncDispose]());

const word = (): Hash => `0x${randomBytes(32).toString("hex")}`;

function termsOf(changes: Partial<SealedAuctionTerms> = {}): SealedAuctionTerms {
  return {
    capability: "text.summarize",
    taskHash: word(),
    token: world.market.token,
    tasks: 1,
    reserve: 10n * DOLLAR,
    deposit: 2n * DOLLAR,
    commitSeconds: COMMIT,
    revealSeconds: REVEAL,
    deliverSeconds: 86_400,
    approvalSeconds: 86_400,
    verifier: zeroAddress,
    condition: "0x",
    ...changes,
  };
}

async function bidder(ask: bigint, slots = 1) {
  const { account, sender } = await world.fundedAccount(10n);
  return { account, sender, offer: { ask, slots, node: zeroAddress, salt: word() } };
}

async function later(seconds: number): Promise<void> {
  await callAnvil(world.anvil, "evm_increaseTime", [seconds]);
  await callAnvil(world.anvil, "evm_mine");
}

const dueOf = (owner: Address) => dueTo(world.chain, auctions, { owner, token: world.market.token });

it("of three bidders one does not reveal: the cheapest works at the second price, the silent one forfeits", async () => {
  const requester = await world.fundedAccount(10n);
  const bidders = await Promise.all([bidder(3n * DOLLAR), bidder(5n * DOLLAR), bidder(4n * DOLLAR)]);
  const [cheap, dear, silent] = bidders;
  const auctionId = await openSealedAuction(requester.sender, auctions, termsOf());
  for (const { sender, offer } of bidders) await commitBid(sender, auctions, { auctionId, offer });
  expect(await sealedBidOf(world.chain, auctions, { auctionId, bidder: cheap.account.address })).toMatchObject({
    offer: null,
  });
  await later(COMMIT);
  for (const { sender, offer } of [cheap, dear]) await revealBid(sender, auctions, { auctionId, offer });
  await expect(closeSealedAuction(world.sender, auctions, auctionId)).rejects.toMatchObject({
    code: "chain_rejected",
    details: { error: "StillRevealing" },
  });
  await later(REVEAL);
  await expect(revealBid(silent.sender, auctions, { auctionId, offer: silent.offer })).rejects.toMatchObject({
    details: { error: "NotRevealing" },
  });
  const outcome = await closeSealedAuction(world.sender, auctions, auctionId);
  expect(outcome).toMatchObject({
    winners: [{ bidder: cheap.account.address, tasks: 1, payment: 5n * DOLLAR }],
    refund: 5n * DOLLAR,
    slashed: 2n * DOLLAR,
    toCloser: DOLLAR / 5n,
  });
  const owners = [requester, cheap, dear, silent].map(({ account }) => account.address);
  expect(await Promise.all(owners.map(dueOf))).toEqual([5n * DOLLAR, 2n * DOLLAR, 2n * DOLLAR, 0n]);
  expect(await dueOf(world.faultPool)).toBe((9n * DOLLAR) / 5n);

  const escrowId = await awardWinner(world.sender, auctions, { auctionId, bidder: cheap.account.address });
  const release = encodeFunctionData({ abi: plainEscrowAbi, functionName: "release", args: [escrowId] });
  await awaitTransaction(world.chain, await requester.sender.send({ doing: "releasing", to: escrow, data: release }));
  expect(await tokenBalance(world.chain, world.market.token, cheap.account.address)).toBe(13n * DOLLAR);
  expect(await sealedBidOf(world.chain, auctions, { auctionId, bidder: cheap.account.address })).toMatchObject({
    offer: { ask: 3n * DOLLAR, slots: 1 },
    wonTasks: 1,
    payment: 5n * DOLLAR,
    spent: true,
  });
});

it("what no escrow takes in time goes back to the requester", async () => {
  const requester = await world.fundedAccount(20n);
  const alone = await bidder(3n * DOLLAR, 2);
  const terms = termsOf({ tasks: 2 });
  const auctionId = await openSealedAuction(requester.sender, auctions, terms);
  await commitBid(alone.sender, auctions, { auctionId, offer: alone.offer });
  await later(COMMIT);
  await revealBid(world.sender, auctions, { auctionId, offer: alone.offer, bidder: alone.account.address });
  const { winners } = await closeSealedAuction(world.sender, auctions, auctionId);
  expect(winners).toEqual([{ bidder: alone.account.address, tasks: 2, payment: 20n * DOLLAR }]);
  const { state, awardUntil, bidders } = await sealedAuctionOf(world.chain, auctions, auctionId);
  expect({ state, bidders }).toEqual({ state: "closed", bidders: [alone.account.address] });
  const { timestamp } = await world.chain.client.getBlock();
  await later((awardUntil as number) / 1_000 - Number(timestamp));
  await reclaimAward(world.sender, auctions, { auctionId, bidder: alone.account.address });
  expect(await dueOf(requester.account.address)).toBe(20n * DOLLAR);
});

it("a commitment made here is the contract's", async () => {
  const address = fc.uint8Array({ minLength: 20, maxLength: 20 }).map((raw) => getAddress(hexOf(raw)));
  const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 }).map(hexOf);
  const offers = fc.record({
    ask: fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }),
    slots: fc.nat({ max: 2 ** 32 - 1 }),
    node: address,
    salt: bytes32,
  });
  await fc.assert(
    fc.asyncProperty(bytes32, address, offers, async (auctionId, owner, offer) => {
      const args = [auctionId, owner, offer] as const;
      const call = { address: auctions, abi: sealedAuctionAbi, functionName: "commitmentOf", args } as const;
      expect(await world.chain.client.readContract(call)).toBe(
        sealedCommitment(world.chain.chainId, auctions, { auctionId, bidder: owner, offer }),
      );
    }),
    { numRuns: 25 },
  );
});

const hexOf = (raw: Uint8Array): Hash => `0x${Buffer.from(raw).toString("hex")}`;
const addressOf = (n: number) => getAddress(`0x${(n * 7_919 + 1).toString(16).padStart(40, "0")}`);

/** A market of identical tasks; asks are close enough to tie often. */
const markets = fc.record({
  tasks: fc.integer({ min: 1, max: 12 }),
  reserve: fc.bigInt({ min: 1n, max: 20n }),
  seed: fc.uint8Array({ minLength: 32, maxLength: 32 }).map(hexOf),
  offers: fc
    .array(fc.record({ ask: fc.bigInt({ min: 0n, max: 22n }), slots: fc.integer({ min: 0, max: 5 }) }), {
      maxLength: 10,
    })
    .map((bids) => bids.map((bid, index) => ({ ...bid, bidder: addressOf(index) }))),
});

it("the contract's outcome is the kernel's: as much worth, and each winner's gain to the unit", async () => {
  await fc.assert(
    fc.asyncProperty(markets, async (market) => {
      const { offers, tasks, reserve } = market;
      const wins = await sealedOutcomeOf(world.chain, auctions, market);
      const edges = offers.flatMap(({ ask }, node) =>
        ask > reserve ? [] : Array.from({ length: tasks }, (_, task) => ({ task, node, weight: reserve - ask })),
      );
      const optimum = solveAssignment({ taskCount: tasks, slots: offers.map(({ slots }) => slots), edges });
      const losses = optimum.lossesWithoutNodes();
      const gains = wins.map(({ tasks: won, payment }, index) => payment - BigInt(won) * offers[index]!.ask);
      expect(gains).toEqual(losses);
      const worth = wins.reduce((sum, { tasks: won }, index) => sum + BigInt(won) * (reserve - offers[index]!.ask), 0n);
      expect(worth).toBe(optimum.total);
    }),
    { numRuns: 300 },
  );
});

it("a round of the market gives the same tasks to the same bidders, at the same prices but for what ties weigh", async () => {
  // Distinct asks under the reserve, thousands apart: a round takes a tie-break of less than a unit off every weight.
  const distinct = markets.map(({ offers, ...same }) => ({
    ...same,
    reserve: (same.reserve + 11n) * 1_000n,
    offers: offers.map((offer, index) => ({ ...offer, ask: BigInt((index * 7 + Number(offer.ask)) % 11) * 1_000n })),
  }));
  const isDistinct = ({ offers }: { offers: readonly { ask: bigint }[] }) =>
    new Set(offers.map(({ ask }) => ask)).size === offers.length;
  await fc.assert(
    fc.asyncProperty(distinct.filter(isDistinct), async (market) => {
      const { offers, tasks, reserve, seed } = market;
      const wins = await sealedOutcomeOf(world.chain, auctions, market);
      const clearing = clearRound(roundOf(offers, tasks, reserve), seed);
      wins.forEach(({ tasks: won, payment }, index) => {
        const awards = clearing.awards.filter(({ node }) => node === offers[index]!.bidder);
        expect(awards).toHaveLength(won);
        const difference = awards.reduce((sum, { payment: paid }) => sum + paid, 0n) - payment;
        const slack = BigInt(tasks + won);
        expect(difference <= slack && -difference <= slack).toBe(true);
      });
    }),
    { numRuns: 200 },
  );
});

function roundOf(offers: readonly { bidder: Address; ask: bigint; slots: number }[], tasks: number, reserve: bigint) {
  const none = `0x${"00".repeat(32)}` as const;
  return {
    feeBps: 0,
    tasks: Array.from({ length: tasks }, (_, task) => ({
      taskId: `0x${(task + 1).toString(16).padStart(64, "0")}` as const,
      requester: zeroAddress,
      maxPrice: reserve,
      royaltyCap: 0n,
      agentVersion: null,
    })),
    nodes: offers.map(({ bidder: node, slots }) => ({ node, provider: node, slots })),
    edges: offers.flatMap(({ ask }, node) =>
      Array.from({ length: tasks }, (_, task) => ({ task, node, agentVersion: none, ask, royalty: 0n, quality: 0n })),
    ),
  };
}
