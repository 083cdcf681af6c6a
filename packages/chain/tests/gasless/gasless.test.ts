import { encodeFunctionData, erc20Abi } from "viem";
import { entryPoint08Address } from "viem/account-abstraction";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  awaitOperation,
  awaitTransaction,
  type Bundler,
  completeWithdrawal,
  createSender,
  delegateOf,
  deposit,
  directBundler,
  gaslessSender,
  localAccount,
  mintTestDollars,
  ownedAccount,
  paymasterStatus,
  quoteOperation,
  requestWithdrawal,
  rpcBundler,
  sendOperation,
  submitSettlements,
  tokenBalance,
  vaultBalance,
  walletAccount,
} from "@stoa/chain";
import { callAnvil, signEvidence } from "@stoa/testkit";
import { vaultAbi } from "../../src/generated/vault.ts";
import { approving, DOLLAR, freshKey, type GaslessWorld, startGaslessWorld } from "./gasless-world.ts";
import { startForeignBundler } from "./start-foreign-bundler.ts";

let world: GaslessWorld;
beforeAll(async () => void (world = await startGaslessWorld()));
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(() => world.nextDay());

/** @returns what the wallet has of ether, and its transactions: one, which is its delegation's nonce */
async function depositOrderWithdraw(bundler: Bundler): Promise<{ ether: bigint; transactions: number }> {
  const { chain, market, parameters, domain, operator } = world;
  const { vault, token, paymaster } = market;
  const { key, sender } = await world.poorWallet(100n, { bundler });
  expect(market.entryPoint).toBe(entryPoint08Address);
  const before = await paymasterStatus(chain, paymaster);
  await deposit(sender, { vault, token, amount: 100n * DOLLAR });
  expect(delegateOf(await chain.client.getCode({ address: key.address }))).toBe(market.walletDelegate);

  const { feeBps } = parameters;
  const price = 10n * DOLLAR;
  const soon = BigInt((await world.chainTimeMs()) / 1_000) + 3_600n;
  const order = { deliverBy: soon, settleBy: soon + 3_600n };
  const node = freshKey();
  const evidence = await signEvidence({ domain, operator, requester: key, node, token, feeBps, price, order });
  const { submitted } = await submitSettlements(world.sender, vault, [evidence]);
  await awaitTransaction(chain, submitted[0]!.txHash);
  const left = 100n * DOLLAR - evidence.charge;
  expect((await vaultBalance(chain, vault, key.address, token)).available).toBe(left);
  expect((await vaultBalance(chain, vault, node.address, token)).available).toBe(price);

  await requestWithdrawal(sender, { vault, token, amount: left });
  await callAnvil(world.anvil, "evm_increaseTime", [parameters.withdrawDelay]);
  await callAnvil(world.anvil, "evm_mine");
  const later = await poorSenderAgain(key, bundler);
  await completeWithdrawal(later, { vault, token, owner: key.address });
  expect(await tokenBalance(chain, token, key.address)).toBe(left);
  const after = await paymasterStatus(chain, paymaster);
  expect(before.deposit - after.deposit).toBeGreaterThan(0n);
  // Budgets are a day's: one that began meanwhile, by the chain's clock, has what was spent since.
  const since = after.spent.day === before.spent.day ? before.deposit - after.deposit : 1n;
  expect(after.spent.amount).toBeGreaterThanOrEqual(since);
  const transactions = await chain.client.getTransactionCount({ address: key.address });
  return { ether: await world.etherOf(key.address), transactions };
}

async function poorSenderAgain(key: ReturnType<typeof freshKey>, bundler: Bundler) {
  const account = await walletAccount(world.chain, key);
  return gaslessSender({ chain: world.chain, account, bundler, sponsor: world.sponsorOf() });
}

describe("a user without ether", () => {
  it("deposits, orders and withdraws by our own bundler", async () => {
    expect(await depositOrderWithdraw(world.direct)).toEqual({ ether: 0n, transactions: 1 });
  });

  it("deposits, orders and withdraws by the RPC of a bundler of others' making", async () => {
    await using served = await startForeignBundler(world.anvil.rpcUrl);
    const left = await depositOrderWithdraw(rpcBundler(served.url));
    expect(left).toEqual({ ether: 0n, transactions: 1 });
  });

  it("is told what an operation costs at most before anybody signs, and pays no more", async () => {
    const { key, gasless } = await world.poorWallet(5n);
    const { vault, token } = world.market;
    const approval = { abi: erc20Abi, functionName: "approve", args: [vault, 5n * DOLLAR] } as const;
    const transfer = { abi: vaultAbi, functionName: "depositFor", args: [key.address, token, 5n * DOLLAR] } as const;
    const calls = [
      { to: token, data: encodeFunctionData(approval) },
      { to: vault, data: encodeFunctionData(transfer) },
    ];
    const quote = await quoteOperation(gasless, calls);
    expect(quote.isSponsored).toBe(true);
    const receipt = await awaitOperation(gasless, await sendOperation(gasless, quote));
    expect(receipt.cost).toBeLessThanOrEqual(quote.highestCost);
    expect((await vaultBalance(world.chain, vault, key.address, token)).available).toBe(5n * DOLLAR);
    const again = await quoteOperation(gasless, [{ to: token, data: encodeFunctionData(approval) }]);
    const second = await awaitOperation(gasless, await sendOperation(gasless, again));
    const { gasUsed } = await world.chain.client.getTransactionReceipt({ hash: second.txHash });
    const rich = await world.fundedAccount(5n);
    const own = await rich.sender.wait(
      await rich.sender.send({ doing: "approving", to: token, data: encodeFunctionData(approval) }),
    );
    console.log(
      `gas: an approval ${own.gasUsed}, sponsored ${gasUsed} (charged ${second.gas}); ` +
        `first operation, with delegation, approval and deposit, charged ${receipt.gas}`,
    );
    expect(gasUsed - own.gasUsed).toBeLessThan(150_000n);
    // Who bundles is not out of pocket.
    expect(second.gas).toBeGreaterThanOrEqual(gasUsed);
  });

  it("asks twice on one occasion and is served once", async () => {
    const { sender } = await world.poorWallet(1n);
    const { vault, token } = world.market;
    const request = { doing: "approving", to: token, data: approving(vault), occasion: "the first" };
    await sender.wait(await sender.send(request));
    await expect(sender.send(request)).rejects.toMatchObject({ code: "chain_rejected" });
    await sender.wait(await sender.send({ ...request, occasion: "the second" }));
  });
});

describe("our own bundler", () => {
  it("bundles nothing at a loss", async () => {
    const { gasless } = await world.poorWallet(1n);
    const { vault, token } = world.market;
    const quote = await quoteOperation(gasless, [{ to: token, data: approving(vault) }]);
    for (const field of ["preVerificationGas", "maxFeePerGas"] as const) {
      const operation = { ...quote.operation, maxPriorityFeePerGas: 0n, [field]: 1n };
      await expect(sendOperation(gasless, { ...quote, operation })).rejects.toMatchObject({
        code: "chain_rejected",
        message: expect.stringMatching(/an operation (pays for|offers) 1 /),
      });
    }
  });

  it("finds what an earlier process bundled, and refuses what is no operation of its EntryPoint", async () => {
    const { gasless } = await world.poorWallet(1n);
    const { vault, token } = world.market;
    const quote = await quoteOperation(gasless, [{ to: token, data: approving(vault) }]);
    const hash = await sendOperation(gasless, quote);
    const receipt = await awaitOperation(gasless, hash);
    const born = directBundler(createSender(world.chain, localAccount(7)));
    expect(await awaitOperation({ bundler: born }, hash)).toEqual(receipt);
    const unknown = { method: "eth_getUserOperationReceipt", params: [`0x${"00".repeat(32)}`] };
    expect(await born.request(unknown)).toBeNull();
    for (const params of [
      [{}, vault],
      [{ nonce: "many" }, world.market.entryPoint],
    ]) {
      const refused = born.request({ method: "eth_sendUserOperation", params });
      await expect(refused).rejects.toMatchObject({ code: "invalid_request" });
    }
  });
});

describe("an owned account", () => {
  it("is made by its first operation, and deposits for the wallet that orders", async () => {
    const { chain, market, sender } = world;
    const { vault, token } = market;
    const owner = freshKey();
    const account = await ownedAccount(chain, { owner, salt: 7n });
    expect(await chain.client.getCode({ address: account.address })).toBeUndefined();
    await mintTestDollars(sender, { token, to: account.address, amount: 3n * DOLLAR });
    const own = gaslessSender({ chain, account, bundler: world.direct, sponsor: world.sponsorOf() });
    await deposit(own, { vault, token, amount: 3n * DOLLAR, owner: owner.address });
    expect((await vaultBalance(chain, vault, owner.address, token)).available).toBe(3n * DOLLAR);
    expect(await world.etherOf(account.address)).toBe(0n);
    const later = gaslessSender({ chain, account, bundler: world.direct, sponsor: world.sponsorOf() });
    await later.wait(await later.send({ doing: "approving", to: token, data: approving(vault) }));
  });
});
