import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  completeWithdrawal,
  depositNative,
  depositWithPermit,
  requestWithdrawal,
  signPermit,
  tokenBalance,
  unwrapNative,
  vaultBalance,
} from "@stoa/chain";
import { callAnvil, type MarketChain, startMarketChain } from "@stoa/testkit";

const DOLLAR = 1_000_000n;
const ETHER = 10n ** 18n;
let world: MarketChain;

beforeAll(async () => {
  world = await startMarketChain();
});
afterAll(() => world[Symbol.asyncDispose]());

async function permitOf(dollars: bigint) {
  const { chain, market } = world;
  const owner = await world.fundedAccount(dollars);
  const { timestamp } = await chain.client.getBlock();
  const permit = await signPermit(chain, owner.account, {
    deposits: market.deposits,
    token: market.token,
    amount: dollars * DOLLAR,
    deadline: timestamp + 3_600n,
  });
  return { owner: owner.account.address, permit };
}

describe("deposits on a real chain", () => {
  it("are made by a permit alone, in one transaction, without gas of the owner's", async () => {
    const { chain, market, sender } = world;
    const { owner, permit } = await permitOf(7n);
    await depositWithPermit(sender, market.deposits, permit);
    expect(await vaultBalance(chain, market.vault, owner, market.token)).toMatchObject({ available: 7n * DOLLAR });
    expect(await chain.client.getTransactionCount({ address: owner })).toBe(0);
    await expect(depositWithPermit(sender, market.deposits, permit)).rejects.toMatchObject({
      code: "chain_rejected",
      details: { error: "NotPermitted" },
    });
  });

  it("are refused when the permit was for another amount", async () => {
    const { market, sender } = world;
    const { permit } = await permitOf(7n);
    await expect(depositWithPermit(sender, market.deposits, { ...permit, amount: DOLLAR })).rejects.toMatchObject({
      details: { error: "NotPermitted" },
    });
  });

  it("take the chain's own coin, and give it back", async () => {
    const { anvil, chain, market, parameters } = world;
    const { vault, wrapper, deposits } = market;
    const { account, sender } = await world.fundedAccount(0n);
    const amount = 3n * ETHER;
    await depositNative(sender, { deposits, amount });
    expect(await vaultBalance(chain, vault, account.address, wrapper)).toMatchObject({ available: amount });
    await requestWithdrawal(sender, { vault, token: wrapper, amount });
    await callAnvil(anvil, "evm_increaseTime", [parameters.withdrawDelay]);
    await callAnvil(anvil, "evm_mine");
    await completeWithdrawal(sender, { vault, token: wrapper, owner: account.address });
    expect(await tokenBalance(chain, wrapper, account.address)).toBe(amount);
    const before = await chain.client.getBalance({ address: account.address });
    await unwrapNative(sender, { wrapper, amount });
    expect(await tokenBalance(chain, wrapper, account.address)).toBe(0n);
    const after = await chain.client.getBalance({ address: account.address });
    expect(after).toBeGreaterThan(before + amount - ETHER / 100n);
    expect(await chain.client.getBalance({ address: wrapper })).toBe(0n);
  });
});
