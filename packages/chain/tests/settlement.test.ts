import { randomBytes } from "node:crypto";
import { generatePrivateKey, type LocalAccount, privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  awaitTransaction,
  challengeClaim,
  completeWithdrawal,
  deposit,
  depositWithAuthorization,
  orderStatus,
  requestWithdrawal,
  type SettlementEvidence,
  signDeposit,
  submitClaims,
  submitSettlements,
  tokenBalance,
  vaultBalance,
} from "@stoa/chain";
import { hashTyped, ZERO_HASH } from "@stoa/protocol";
import { paidWith } from "../src/agents/paid-with.ts";
import { callAnvil, type EvidenceTerms, type MarketChain, signEvidence, startMarketChain } from "@stoa/testkit";

const DOLLAR = 1_000_000n;
let world: MarketChain;

beforeAll(async () => {
  world = await startMarketChain();
});
afterAll(() => world[Symbol.asyncDispose]());

async function fundedRequester(dollars: bigint) {
  const requester = await world.fundedAccount(dollars);
  await deposit(requester.sender, { ...world.market, amount: dollars * DOLLAR });
  return requester;
}

const freshNode = () => privateKeyToAccount(generatePrivateKey());

function terms(given: Pick<EvidenceTerms, "requester"> & Partial<EvidenceTerms>): EvidenceTerms {
  const { domain, operator, market, parameters } = world;
  return {
    domain,
    operator,
    token: market.token,
    feeBps: parameters.feeBps,
    node: freshNode(),
    price: 10n * DOLLAR,
    ...given,
  };
}

/** Nobody accepts it, and it settles late enough to be claimed with others. */
function claimTerms(requester: LocalAccount): EvidenceTerms {
  const soon = BigInt(Math.floor(Date.now() / 1_000)) + 30n * 86_400n;
  return terms({ requester, accepted: false, order: { deliverBy: soon, settleBy: soon } });
}

const availableOf = async (owner: `0x${string}`) =>
  (await vaultBalance(world.chain, world.market.vault, owner, world.market.token)).available;

async function later(seconds: number): Promise<void> {
  await callAnvil(world.anvil, "evm_increaseTime", [seconds]);
  await callAnvil(world.anvil, "evm_mine");
}

describe("settlement on a real chain", () => {
  it("pays node, creator and platform from the requester's deposit, and the node withdraws to its wallet", async () => {
    await using own = await startMarketChain();
    const requester = await own.fundedAccount(100n);
    const node = await own.fundedAccount(0n);
    const creator = freshNode().address;
    const { vault, token } = own.market;
    await deposit(requester.sender, { vault, token, amount: 100n * DOLLAR });
    const evidence = await signEvidence({
      domain: own.domain,
      operator: own.operator,
      requester: requester.account,
      node: node.account,
      token,
      feeBps: own.parameters.feeBps,
      price: 10n * DOLLAR,
      royalty: DOLLAR,
      creator,
    });
    const { submitted } = await submitSettlements(own.sender, vault, [evidence]);
    await awaitTransaction(own.chain, submitted[0]!.txHash);
    const balances = await Promise.all(
      [requester.account.address, node.account.address, creator, own.feeRecipient].map(
        async (owner) => (await vaultBalance(own.chain, vault, owner, token)).available,
      ),
    );
    expect(balances).toEqual([100n * DOLLAR - 10_200_000n, 9n * DOLLAR, DOLLAR, 200_000n]);

    await requestWithdrawal(node.sender, { vault, token, amount: 9n * DOLLAR });
    await expect(completeWithdrawal(own.sender, { vault, token, owner: node.account.address })).rejects.toMatchObject({
      code: "chain_rejected",
      details: { error: "StillLocked" },
    });
    await callAnvil(own.anvil, "evm_increaseTime", [own.parameters.withdrawDelay]);
    await callAnvil(own.anvil, "evm_mine");
    await completeWithdrawal(own.sender, { vault, token, owner: node.account.address });
    expect(await tokenBalance(own.chain, token, node.account.address)).toBe(9n * DOLLAR);
  });

  it("takes a deposit by the owner's word alone, without gas of the owner's", async () => {
    const { chain, market, sender } = world;
    const owner = await world.fundedAccount(7n);
    const word = await signDeposit(chain, owner.account, market.vault, {
      token: market.token,
      amount: 7n * DOLLAR,
      validAfter: 0n,
      validBefore: BigInt(Math.floor(Date.now() / 1_000) + 86_400),
      nonce: `0x${randomBytes(32).toString("hex")}`,
    });
    await depositWithAuthorization(sender, market.vault, word);
    expect(await availableOf(owner.account.address)).toBe(7n * DOLLAR);
    await expect(depositWithAuthorization(sender, market.vault, word)).rejects.toMatchObject({
      code: "chain_rejected",
    });
  });

  it("settles an order once, however often and by however many its batch is sent", async () => {
    const requester = await fundedRequester(50n);
    const evidence = await signEvidence(terms({ requester: requester.account }));
    const both = await Promise.all([
      submitSettlements(world.sender, world.market.vault, [evidence]),
      submitSettlements(requester.sender, world.market.vault, [evidence]),
    ]);
    for (const { txHash } of both.flatMap(({ submitted }) => submitted)) await awaitTransaction(world.chain, txHash);
    const again = await submitSettlements(world.sender, world.market.vault, [evidence]);
    expect(again).toMatchObject({ submitted: [], refused: [] });
    expect(again.already).toHaveLength(1);
    expect(await availableOf(requester.account.address)).toBe(50n * DOLLAR - evidence.charge);
    expect(await availableOf(evidence.award.payout)).toBe(10n * DOLLAR);
  });

  it("leaves a bad item of a batch out, says why, and settles the rest", async () => {
    const requester = await fundedRequester(50n);
    const good = await signEvidence(terms({ requester: requester.account }));
    const bad = await signEvidence(terms({ requester: requester.account }));
    const { vault } = world.market;
    const sent = await submitSettlements(world.sender, vault, [{ ...bad, resultHash: ZERO_HASH }, good]);
    expect(sent.submitted.map(({ orderHash }) => orderHash)).toEqual([hashTyped(world.domain, "Order", good.order)]);
    expect(sent.refused).toEqual([
      {
        orderHash: hashTyped(world.domain, "Order", bad.order),
        reason: expect.stringContaining("WrongSigner("),
        error: "WrongSigner",
      },
    ]);
    await awaitTransaction(world.chain, sent.submitted[0]!.txHash);
    expect(await availableOf(requester.account.address)).toBe(50n * DOLLAR - good.charge);
  });

  it("pays an unaccepted order after the challenge window and not before", async () => {
    const requester = await fundedRequester(50n);
    const evidence = await signEvidence(terms({ requester: requester.account, accepted: false }));
    const { vault } = world.market;
    const claimed = await submitClaims(world.sender, vault, [evidence]);
    await awaitTransaction(world.chain, claimed.submitted[0]!.txHash);
    expect(await orderStatus(world.chain, vault, evidence.order)).toMatchObject({ state: "claimed" });
    const early = await submitSettlements(world.sender, vault, [evidence]);
    expect(early.refused[0]?.reason).toContain("NotPayable");
    await later(world.parameters.challengeWindow);
    const paid = await submitSettlements(world.sender, vault, [evidence]);
    await awaitTransaction(world.chain, paid.submitted[0]!.txHash);
    expect(await orderStatus(world.chain, vault, evidence.order)).toMatchObject({ state: "settled" });
    expect(await availableOf(evidence.award.payout)).toBe(10n * DOLLAR);
  });

  it("claims what nobody accepted in one transaction, and pays it in one after the window", async () => {
    const requester = await fundedRequester(100n);
    const { vault } = world.market;
    const signed = Array.from({ length: 5 }, () => signEvidence(claimTerms(requester.account)));
    const claims = await Promise.all(signed);
    const posted = await submitClaims(world.sender, vault, claims);
    expect(posted).toMatchObject({ already: [], refused: [] });
    expect(new Set(posted.submitted.map(({ txHash }) => txHash)).size).toBe(1);
    await awaitTransaction(world.chain, posted.submitted[0]!.txHash);
    const early = await submitSettlements(world.sender, vault, claims);
    expect(early.refused.map(({ error }) => error)).toEqual(Array(5).fill("BatchNotPayable"));

    const [challenged, ...others] = claims as [SettlementEvidence, ...SettlementEvidence[]];
    const orderHash = hashTyped(world.domain, "Order", challenged.order);
    await challengeClaim(requester.sender, { vault, orderHash });
    expect(await orderStatus(world.chain, vault, challenged.order)).toMatchObject({ state: "challenged" });
    await later(world.parameters.challengeWindow);
    const paid = await submitSettlements(world.sender, vault, claims);
    expect(paid.refused).toMatchObject([{ orderHash, error: "NotPayable" }]);
    expect(new Set(paid.submitted.map(({ txHash }) => txHash)).size).toBe(1);
    await awaitTransaction(world.chain, paid.submitted[0]!.txHash);
    for (const { award } of others) expect(await availableOf(award.payout)).toBe(10n * DOLLAR);
    expect(await availableOf(challenged.award.payout)).toBe(0n);
    const [one] = others as [SettlementEvidence];
    const given = { order: one.order, awardHash: hashTyped(world.domain, "Award", one.award) };
    const { paidWith: list } = await paidWith(world.chain, vault, { ...given, txHash: paid.submitted[0]!.txHash });
    expect(list).toEqual(others.map(({ award }) => hashTyped(world.domain, "Award", award)));

    // Sent again by anybody, nothing is paid twice.
    const again = await submitSettlements(requester.sender, vault, others);
    expect(again).toMatchObject({ submitted: [], refused: [] });
    expect(again.already).toHaveLength(4);
  });

  it("lets anyone post and pay claims when the operator does not", async () => {
    const requester = await fundedRequester(50n);
    const node = await world.fundedAccount(0n);
    const { vault } = world.market;
    const evidence = await signEvidence({ ...claimTerms(requester.account), node: node.account });
    const posted = await submitClaims(node.sender, vault, [evidence]);
    await awaitTransaction(world.chain, posted.submitted[0]!.txHash);
    await later(world.parameters.challengeWindow);
    const paid = await submitSettlements(node.sender, vault, [evidence]);
    await awaitTransaction(world.chain, paid.submitted[0]!.txHash);
    expect(await availableOf(node.account.address)).toBe(10n * DOLLAR);
  });

  it("claims alone what a withdrawal could come before", async () => {
    const requester = await fundedRequester(50n);
    const { vault } = world.market;
    const { timestamp } = await world.chain.client.getBlock();
    const hurried = {
      deliverBy: timestamp + 60n,
      settleBy: timestamp + BigInt(world.parameters.challengeWindow) - 60n,
    };
    const evidence = await signEvidence(terms({ requester: requester.account, accepted: false, order: hurried }));
    const claimed = await submitClaims(world.sender, vault, [evidence]);
    await awaitTransaction(world.chain, claimed.submitted[0]!.txHash);
    expect(await orderStatus(world.chain, vault, evidence.order)).toMatchObject({ state: "claimed" });
    expect(await availableOf(requester.account.address)).toBe(50n * DOLLAR - evidence.charge);
  });

  it("lets a session key order within its wallet's limits, and not beyond", async () => {
    const requester = await fundedRequester(50n);
    const key = freshNode();
    const limits = {
      wallet: requester.account.address,
      key: key.address,
      token: world.market.token,
      maxPerOrder: 20n * DOLLAR,
      maxTotal: 15n * DOLLAR,
      expiresAt: BigInt(Math.floor(Date.now() / 1_000)) + 864_000n,
      nonce: 1n,
    };
    const soon = BigInt(Math.floor(Date.now() / 1_000)) + 86_400n;
    const order = { deliverBy: soon, settleBy: soon };
    const { vault } = world.market;
    const first = await signEvidence(terms({ requester: requester.account, session: { key, limits }, order }));
    const sent = await submitSettlements(world.sender, vault, [first]);
    await awaitTransaction(world.chain, sent.submitted[0]!.txHash);
    expect(await availableOf(first.award.payout)).toBe(10n * DOLLAR);
    const second = await signEvidence(terms({ requester: requester.account, session: { key, limits }, order }));
    const refused = await submitSettlements(world.sender, vault, [second]);
    expect(refused.refused[0]?.reason).toContain("SessionTotalLimit");
  });
});
