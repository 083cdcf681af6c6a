import {
  accessListing,
  accessOf,
  type AccessTerms,
  buyAccess,
  clearExpiredAccess,
  listAccess,
  refundAccess,
  registerAgent,
  releasePurchase,
  revenueOf,
  tokenBalance,
  unlistAccess,
  waiveRefund,
  withdrawRevenue,
} from "@stoa/chain";
import { callAnvil, type MarketChain, startMarketChain } from "@stoa/testkit";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type AgentContracts, deployAgents } from "./deploy-agents.ts";

const DOLLAR = 1_000_000n;
const DAY = 86_400;
let world: MarketChain;
let at: AgentContracts;
let creator: Awaited<ReturnType<MarketChain["fundedAccount"]>>;

beforeAll(async () => {
  world = await startMarketChain();
  at = await deployAgents(world);
  creator = await world.fundedAccount(0n);
});
afterAll(() => world[Symbol.asyncDispose]());

const terms = (): AccessTerms => ({
  token: world.market.token,
  price: 10n * DOLLAR,
  durationSeconds: 30 * DAY,
  refundWindowSeconds: DAY,
  supplyCap: 2n,
  uri: "ipfs://access",
});

/** An agent of the creator's that is for sale. */
async function listed(given: Partial<AccessTerms> = {}) {
  const { agentId } = await registerAgent(creator.sender, { registry: at.identity, uri: "ipfs://agent" });
  const agent = { sale: at.sale, agentId };
  await listAccess(creator.sender, { ...agent, terms: { ...terms(), ...given } });
  return agent;
}

async function bought(agent: Awaited<ReturnType<typeof listed>>) {
  const buyer = await world.fundedAccount(30n);
  const listing = await accessListing(world.chain, agent);
  if (!listing) throw new Error("nothing is listed");
  await buyAccess(buyer.sender, { ...agent, listing });
  return buyer;
}

async function later(seconds: number): Promise<void> {
  await callAnvil(world.anvil, "evm_increaseTime", [seconds]);
  await callAnvil(world.anvil, "evm_mine");
}

const nowMs = async () => Number((await world.chain.client.getBlock()).timestamp) * 1_000;

it("access is bought, used, and its money the creator's and the platform's once the window has passed", async () => {
  const agent = await listed();
  expect(await accessListing(world.chain, agent)).toEqual({
    seller: creator.account.address,
    version: 1n,
    supply: 0n,
    terms: terms(),
  });
  const buyer = await bought(agent);
  const account = buyer.account.address;
  expect(await accessOf(world.chain, { ...agent, account })).toEqual({
    hasAccess: true,
    expiresAt: (await nowMs()) + 30 * DAY * 1_000,
    isFinal: false,
  });
  await expect(releasePurchase(world.sender, { ...agent, holder: account })).rejects.toMatchObject({
    details: { error: "StillRefundable" },
  });
  await later(DAY);
  const { token } = world.market;
  const feesBefore = await revenueOf(world.chain, { sale: at.sale, account: world.feeRecipient, token });
  await releasePurchase(world.sender, { ...agent, holder: account });
  expect(await revenueOf(world.chain, { sale: at.sale, account: world.feeRecipient, token })).toBe(
    feesBefore + DOLLAR / 2n,
  );
  await withdrawRevenue(creator.sender, { sale: at.sale, token });
  expect(await tokenBalance(world.chain, token, creator.account.address)).toBe(9_500_000n);
  await later(30 * DAY);
  expect(await accessOf(world.chain, { ...agent, account })).toMatchObject({ hasAccess: false });
  await clearExpiredAccess(world.sender, { ...agent, holder: account });
  expect(await accessListing(world.chain, agent)).toMatchObject({ supply: 0n });
});

it("a purchase is returned whole within its window, and not once it was waived", async () => {
  const agent = await listed({ durationSeconds: null });
  const [first, second] = [await bought(agent), await bought(agent)];
  const { token } = world.market;
  await refundAccess(first.sender, agent);
  expect(await tokenBalance(world.chain, token, first.account.address)).toBe(30n * DOLLAR);
  expect(await accessOf(world.chain, { ...agent, account: first.account.address })).toEqual({
    hasAccess: false,
    expiresAt: null,
    isFinal: false,
  });
  await waiveRefund(second.sender, agent);
  expect(await accessOf(world.chain, { ...agent, account: second.account.address })).toEqual({
    hasAccess: true,
    expiresAt: null,
    isFinal: true,
  });
  await expect(refundAccess(second.sender, agent)).rejects.toMatchObject({ details: { error: "NotRefundable" } });
});

it("a buyer never pays by terms it has not read, nor for what is no longer sold", async () => {
  const agent = await listed();
  const buyer = await world.fundedAccount(100n);
  const read = await accessListing(world.chain, agent);
  if (!read) throw new Error("nothing is listed");
  await listAccess(creator.sender, { ...agent, terms: { ...terms(), price: 100n * DOLLAR } });
  await expect(buyAccess(buyer.sender, { ...agent, listing: read })).rejects.toMatchObject({
    details: { error: "ListingChanged" },
  });
  await unlistAccess(creator.sender, agent);
  expect(await accessListing(world.chain, agent)).toBeNull();
  await expect(buyAccess(buyer.sender, { ...agent, listing: read })).rejects.toMatchObject({
    details: { error: "NotListed" },
  });
});

it("no more is sold than the cap allows", async () => {
  const agent = await listed();
  await bought(agent);
  await bought(agent);
  await expect(bought(agent)).rejects.toMatchObject({ details: { error: "SoldOut" } });
});
