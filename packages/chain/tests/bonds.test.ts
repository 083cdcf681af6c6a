import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  awaitTransaction,
  bondOf,
  completeBondWithdrawal,
  completeWithdrawal,
  coverOrder,
  coverPosted,
  deposit,
  findPostedClaims,
  postBond,
  requestBondWithdrawal,
  requestWithdrawal,
  requireBonds,
  type SettlementEvidence,
  type SignedHold,
  submitClaims,
  submitSettlements,
  tokenBalance,
  vaultBalance,
} from "@stoa/chain";
import { hashTyped, signTyped } from "@stoa/protocol";
import { callAnvil, type MarketChain, signEvidence, startMarketChain } from "@stoa/testkit";

const DOLLAR = 1_000_000n;
const DAY = 86_400;
let world: MarketChain;

beforeAll(async () => {
  world = await startMarketChain();
});
afterAll(() => world[Symbol.asyncDispose]());

async function later(seconds: number): Promise<void> {
  await callAnvil(world.anvil, "evm_increaseTime", [seconds]);
  await callAnvil(world.anvil, "evm_mine");
}

const availableOf = async (owner: `0x${string}`) =>
  (await vaultBalance(world.chain, world.market.vault, owner, world.market.token)).available;

/** A node's work for a requester that had the money when the operator held it, and then took most of it back. */
async function shortOrder({ accepted = true }: { accepted?: boolean } = {}) {
  const { chain, domain, operator, market, parameters } = world;
  const { vault, token } = market;
  const [requester, node] = [await world.fundedAccount(20n), await world.fundedAccount(0n)];
  await deposit(requester.sender, { vault, token, amount: 20n * DOLLAR });
  const { timestamp } = await chain.client.getBlock();
  const evidence = await signEvidence({
    domain,
    operator,
    requester: requester.account,
    node: node.account,
    token,
    feeBps: parameters.feeBps,
    price: 10n * DOLLAR,
    order: { settleBy: timestamp + BigInt(2 * DAY) },
    accepted,
  });
  const hold = await signHold(evidence);
  await requestWithdrawal(requester.sender, { vault, token, amount: 16n * DOLLAR });
  await later(parameters.withdrawDelay);
  await completeWithdrawal(requester.sender, { vault, token, owner: requester.account.address });
  return { requester, node, evidence, hold };
}

async function signHold({ order }: SettlementEvidence): Promise<SignedHold> {
  const cumulativeHeld = order.maxPrice;
  const { requester, token } = order;
  const orderHash = hashTyped(world.domain, "Order", order);
  const receipt = { requester, token, orderHash, cumulativeHeld };
  return { cumulativeHeld, signature: await signTyped(world.operator, world.domain, "HoldReceipt", receipt) };
}

async function post(node: `0x${string}` | null, amount: bigint) {
  const { bonds, token } = world.market;
  const poster = await world.fundedAccount(amount / DOLLAR);
  await postBond(poster.sender, { bonds, node, token, amount });
}

describe("an operator's bond on a real chain", () => {
  it("makes a node whole whose requester is short when its order settles", async () => {
    const { bonds, token, vault } = world.market;
    const { requester, node, evidence, hold } = await shortOrder();
    const { refused } = await submitSettlements(world.sender, vault, [evidence]);
    expect(refused).toMatchObject([{ error: "InsufficientBalance" }]);
    await expect(coverOrder(node.sender, { bonds, evidence, hold })).rejects.toMatchObject({
      code: "chain_rejected",
      details: { error: "BondTooSmall" },
    });
    await post(node.account.address, 5n * DOLLAR);
    await post(null, 5n * DOLLAR);
    await coverOrder(node.sender, { bonds, evidence, hold });
    // 10 and the fee of 0.2, of which the requester had 4.
    expect(await availableOf(evidence.award.payout)).toBe(10n * DOLLAR);
    expect(await availableOf(requester.account.address)).toBe(0n);
    const bond = { bonds, token };
    expect(await bondOf(world.chain, { ...bond, node: node.account.address })).toMatchObject({ staying: 0n });
    expect(await bondOf(world.chain, { ...bond, node: null })).toMatchObject({ staying: 3_800_000n });
    await expect(coverOrder(node.sender, { bonds, evidence, hold })).rejects.toMatchObject({ code: "chain_rejected" });
    expect((await submitSettlements(world.sender, vault, [evidence])).already).toHaveLength(1);
  });

  it("pays for what a short requester does not accept, once the claim that was posted is payable", async () => {
    const { bonds, token, vault } = world.market;
    const { requester, node, evidence, hold } = await shortOrder({ accepted: false });
    const orderHash = hashTyped(world.domain, "Order", evidence.order);
    // As the node does when the operator stalls.
    const claimed = await submitClaims(node.sender, vault, [evidence]);
    for (const { txHash } of claimed.submitted) await awaitTransaction(world.chain, txHash);
    const since = Number(evidence.order.settleBy) - 3 * DAY;
    const posted = await findPostedClaims(world.chain, vault, { orderHashes: [orderHash], since });
    const batch = posted.get(orderHash)!;
    await post(null, 20n * DOLLAR);
    const { staying: before } = await bondOf(world.chain, { bonds, token, node: null });
    const cover = () => coverPosted(node.sender, { bonds, vault, batch, orderHash, hold });
    await expect(cover()).rejects.toMatchObject({ details: { error: "BatchNotPayable" } });
    await later(world.parameters.challengeWindow);
    await cover();
    expect(await availableOf(evidence.award.payout)).toBe(10n * DOLLAR);
    expect(await availableOf(requester.account.address)).toBe(0n);
    const { staying } = await bondOf(world.chain, { bonds, token, node: null });
    expect(before - staying).toBe(6_200_000n);
    await expect(cover()).rejects.toMatchObject({ details: { error: "NotPaid" } });
  });

  it("goes back to the operator alone, and after the vault's delay", async () => {
    const { bonds, token } = world.market;
    const { account, sender } = await world.fundedAccount(0n);
    const bond = { bonds, token, node: account.address };
    await post(account.address, 7n * DOLLAR);
    await expect(requestBondWithdrawal(sender, { ...bond, amount: DOLLAR })).rejects.toMatchObject({
      details: { error: "OnlyOperator" },
    });
    await requestBondWithdrawal(world.sender, { ...bond, amount: 7n * DOLLAR });
    const delay = world.parameters.withdrawDelay + world.parameters.challengeWindow;
    const { leaving, unlocksAt } = await bondOf(world.chain, bond);
    expect(leaving).toBe(7n * DOLLAR);
    const { timestamp } = await world.chain.client.getBlock();
    expect(unlocksAt).toBe((Number(timestamp) + delay) * 1_000);
    await expect(completeBondWithdrawal(sender, bond)).rejects.toMatchObject({ details: { error: "StillLocked" } });
    await later(delay);
    const before = await tokenBalance(world.chain, token, world.operator.address);
    await completeBondWithdrawal(sender, bond);
    expect(await tokenBalance(world.chain, token, world.operator.address)).toBe(before + 7n * DOLLAR);
    expect(await bondOf(world.chain, bond)).toEqual({ staying: 0n, leaving: 0n, unlocksAt: null });
  });

  it("is relied on only where the very contract stands, of the very vault", async () => {
    const { bonds, vault, nodes } = world.market;
    await requireBonds(world.chain, { bonds, vault });
    const refused = (message: string) => ({ code: "invalid_configuration", message: expect.stringContaining(message) });
    await expect(requireBonds(world.chain, { bonds: nodes, vault })).rejects.toMatchObject(refused("is not this"));
    await expect(requireBonds(world.chain, { bonds, vault: nodes })).rejects.toMatchObject(refused("are of the vault"));
    const nobody = world.feeRecipient;
    await expect(requireBonds(world.chain, { bonds: nobody, vault })).rejects.toMatchObject(refused("is not this"));
  });
});
