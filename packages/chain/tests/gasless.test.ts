import { encodeFunctionData, erc20Abi, type Hex, parseEther } from "viem";
import { entryPoint08Address } from "viem/account-abstraction";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  awaitOperation,
  awaitTransaction,
  type Bundler,
  completeWithdrawal,
  createSender,
  createSponsor,
  delegateOf,
  deposit,
  directBundler,
  fundPaymaster,
  type Gasless,
  gaslessSender,
  localAccount,
  mintTestDollars,
  ownedAccount,
  paymasterStatus,
  quoteOperation,
  requestWithdrawal,
  rpcBundler,
  sendOperation,
  type Sponsor,
  type SponsorOptions,
  sponsorsMarket,
  submitSettlements,
  tokenBalance,
  vaultBalance,
  walletAccount,
} from "@stoa/chain";
import { callAnvil, type MarketChain, signEvidence, startMarketChain } from "@stoa/testkit";
import { vaultAbi } from "../src/generated/vault.ts";
import { serveBundler } from "./serve-bundler.ts";

const DOLLAR = 1_000_000n;
let world: MarketChain;
let direct: Bundler;

beforeAll(async () => {
  world = await startMarketChain();
  const { chain, sender, market } = world;
  await fundPaymaster(sender, { paymaster: market.paymaster, amount: parseEther("5") });
  direct = directBundler(createSender(chain, localAccount(6)));
});
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(async () => {
  // What earlier tests spent is of another day.
  await callAnvil(world.anvil, "evm_increaseTime", [86_400]);
  await callAnvil(world.anvil, "evm_mine");
});

const freshKey = () => privateKeyToAccount(generatePrivateKey());
const etherOf = (address: Hex) => world.chain.client.getBalance({ address });
const chainTimeMs = async () => Number((await world.chain.client.getBlock()).timestamp) * 1_000;

function sponsorOf(options: Partial<SponsorOptions> = {}): Sponsor {
  const { chain, market } = world;
  const { paymaster, vault, token, nodes, channels } = market;
  return createSponsor(chain, {
    paymaster,
    signer: world.operator,
    sponsors: sponsorsMarket([vault, nodes, channels], token),
    budgets: { perAccount: parseEther("1"), perDay: parseEther("2") },
    ...options,
  });
}

/** A wallet with test dollars and no ether, and who serves it. */
async function poorWallet(dollars: bigint, given: Partial<Gasless> = {}) {
  const key = freshKey();
  await mintTestDollars(world.sender, { token: world.market.token, to: key.address, amount: dollars * DOLLAR });
  const account = await walletAccount(world.chain, key);
  const gasless: Gasless = { chain: world.chain, account, bundler: direct, sponsor: sponsorOf(), ...given };
  return { key, gasless, sender: gaslessSender(gasless) };
}

const approving = (to: Hex): Hex => encodeFunctionData({ abi: erc20Abi, functionName: "approve", args: [to, 1n] });

/** @returns what the wallet has of ether, and its transactions: one, which is its delegation's nonce */
async function depositOrderWithdraw(bundler: Bundler): Promise<{ ether: bigint; transactions: number }> {
  const { chain, market, parameters, domain, operator } = world;
  const { vault, token, paymaster } = market;
  const { key, sender } = await poorWallet(100n, { bundler });
  expect(market.entryPoint).toBe(entryPoint08Address);
  const before = await paymasterStatus(chain, paymaster);
  await deposit(sender, { vault, token, amount: 100n * DOLLAR });
  expect(delegateOf(await chain.client.getCode({ address: key.address }))).toBe(market.walletDelegate);

  const { feeBps } = parameters;
  const price = 10n * DOLLAR;
  const soon = BigInt((await chainTimeMs()) / 1_000) + 3_600n;
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
  expect(after.spent.amount).toBeGreaterThanOrEqual(before.deposit - after.deposit);
  const transactions = await chain.client.getTransactionCount({ address: key.address });
  return { ether: await etherOf(key.address), transactions };
}

async function poorSenderAgain(key: ReturnType<typeof freshKey>, bundler: Bundler) {
  const account = await walletAccount(world.chain, key);
  return gaslessSender({ chain: world.chain, account, bundler, sponsor: sponsorOf() });
}

describe("a user without ether", () => {
  it("deposits, orders and withdraws by our own bundler", async () => {
    expect(await depositOrderWithdraw(direct)).toEqual({ ether: 0n, transactions: 1 });
  });

  it("deposits, orders and withdraws by any bundler's RPC", async () => {
    await using served = await serveBundler(direct);
    const left = await depositOrderWithdraw(rpcBundler(served.url));
    expect(left).toEqual({ ether: 0n, transactions: 1 });
  });

  it("is told what an operation costs at most before anybody signs, and pays no more", async () => {
    const { key, gasless } = await poorWallet(5n);
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
    const { sender } = await poorWallet(1n);
    const { vault, token } = world.market;
    const request = { doing: "approving", to: token, data: approving(vault), occasion: "the first" };
    await sender.wait(await sender.send(request));
    await expect(sender.send(request)).rejects.toMatchObject({ code: "chain_rejected" });
    await sender.wait(await sender.send({ ...request, occasion: "the second" }));
  });
});

describe("our own bundler", () => {
  it("bundles nothing at a loss", async () => {
    const { gasless } = await poorWallet(1n);
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
    const { gasless } = await poorWallet(1n);
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
    const own = gaslessSender({ chain, account, bundler: direct, sponsor: sponsorOf() });
    await deposit(own, { vault, token, amount: 3n * DOLLAR, owner: owner.address });
    expect((await vaultBalance(chain, vault, owner.address, token)).available).toBe(3n * DOLLAR);
    expect(await etherOf(account.address)).toBe(0n);
    const later = gaslessSender({ chain, account, bundler: direct, sponsor: sponsorOf() });
    await later.wait(await later.send({ doing: "approving", to: token, data: approving(vault) }));
  });
});

describe("the sponsor", () => {
  it("pays for the market's calls and for nothing else", async () => {
    const { gasless } = await poorWallet(5n);
    const { vault, token } = world.market;
    const stranger = freshKey().address;
    const transfer = encodeFunctionData({ abi: erc20Abi, functionName: "transfer", args: [stranger, 1n] });
    for (const calls of [
      [{ to: token, data: transfer }],
      [{ to: token, data: approving(stranger) }],
      [{ to: stranger, data: "0x" as Hex }],
      [{ to: token, data: approving(vault) }, { to: stranger }],
    ]) {
      const quote = await quoteOperation(gasless, calls);
      await expect(sendOperation(gasless, quote)).rejects.toMatchObject({ code: "forbidden" });
    }
  });

  it("does not pay for what would fail", async () => {
    const { key, gasless } = await poorWallet(0n);
    const { vault, token } = world.market;
    const good = await quoteOperation(gasless, [{ to: token, data: approving(vault) }]);
    const withdrawal = { abi: vaultAbi, functionName: "requestWithdrawal", args: [token, DOLLAR] } as const;
    const calls = [{ to: vault, data: encodeFunctionData(withdrawal) }];
    await expect(quoteOperation(gasless, calls)).rejects.toMatchObject({ code: "chain_rejected" });
    const { callData } = await encoded(gasless, calls);
    const failing = { ...good, operation: { ...good.operation, callData } };
    await expect(sendOperation(gasless, failing)).rejects.toMatchObject({ code: "chain_rejected" });
    expect(await world.chain.client.getCode({ address: key.address })).toBeUndefined();
  });

  it("refuses gas and fees that would go to whoever bundles", async () => {
    const { gasless } = await poorWallet(1n);
    const { vault, token } = world.market;
    const quote = await quoteOperation(gasless, [{ to: token, data: approving(vault) }]);
    for (const field of ["preVerificationGas", "maxFeePerGas", "maxPriorityFeePerGas", "callGasLimit"] as const) {
      const operation = { ...quote.operation, [field]: quote.operation[field] * 10n };
      await expect(sendOperation(gasless, { ...quote, operation })).rejects.toMatchObject({ code: "forbidden" });
    }
  });

  it("stops at an account's budget, whatever became of what it signed", async () => {
    const { vault, token } = world.market;
    const probe = await poorWallet(1n);
    const { highestCost } = await quoteOperation(probe.gasless, [{ to: token, data: approving(vault) }]);
    const budgets = { perAccount: (highestCost * 5n) / 2n, perDay: highestCost * 100n };
    const { sender } = await poorWallet(1n, { sponsor: sponsorOf({ budgets }) });
    const request = { doing: "approving", to: token, data: approving(vault) };
    await sender.wait(await sender.send(request));
    await sender.wait(await sender.send(request));
    const sendTen = async () => {
      for (let i = 0; i < 10; i += 1) await sender.send(request);
    };
    await expect(sendTen()).rejects.toMatchObject({ code: "budget_exhausted" });
  });

  it("signs for one operation: whatever is changed afterwards, nobody pays for", async () => {
    const { gasless } = await poorWallet(1n);
    const { vault, token } = world.market;
    const sponsor = gasless.sponsor!;
    const quote = await quoteOperation(gasless, [{ to: token, data: approving(vault) }]);
    const other = await encoded(gasless, [{ to: token, data: approving(freshKey().address) }]);
    const altering: Sponsor = {
      ...sponsor,
      async sponsor(operation) {
        const fields = await sponsor.sponsor(operation);
        return { ...fields, callData: other.callData } as typeof fields;
      },
    };
    const refused = sendOperation({ ...gasless, sponsor: altering }, quote);
    await expect(refused).rejects.toMatchObject({
      code: "chain_rejected",
      message: expect.stringContaining("AA34 signature error"),
    });
  });

  it("is heard through a bundler's RPC in the bundler's own words", async () => {
    await using served = await serveBundler(direct);
    const { gasless } = await poorWallet(1n, { bundler: rpcBundler(served.url) });
    const { vault, token } = world.market;
    const stranger: Sponsor = sponsorOf({ signer: freshKey() });
    const quote = await quoteOperation(gasless, [{ to: token, data: approving(vault) }]);
    await expect(sendOperation({ ...gasless, sponsor: stranger }, quote)).rejects.toMatchObject({
      code: "chain_rejected",
      message: expect.stringContaining("AA34 signature error"),
    });
    await expect(rpcBundler("http://127.0.0.1:1").request({ method: "eth_chainId" })).rejects.toMatchObject({
      code: "chain_unavailable",
    });
  });
});

async function encoded({ account }: Gasless, calls: readonly { to: Hex; data?: Hex }[]) {
  return { callData: await account.encodeCalls(calls) };
}
