import { randomBytes } from "node:crypto";
import { generatePrivateKey, type LocalAccount, privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, expect, it } from "vitest";
import { deposit, mintTestDollars, type SettlementEvidence, submitSettlements, vaultBalance } from "@stoa/chain";
import { type MarketChain, signEvidence, startMarketChain } from "@stoa/testkit";

const DOLLAR = 1_000_000n;
const BATCH = 100;
/** Of a batch's transaction, calldata and access list included. */
const MOST_GAS_A_TASK = 40_000n;

/** Who takes part in one task, and the word of nonces its requester has. */
interface Party {
  requester: LocalAccount;
  node: LocalAccount;
  creator: LocalAccount;
  nonces: bigint;
}

let world: MarketChain;

beforeAll(async () => {
  world = await startMarketChain();
});
afterAll(() => world[Symbol.asyncDispose]());

const someone = () => privateKeyToAccount(generatePrivateKey());

function evidenceOf({ requester, node, creator, nonces }: Party, nonce: bigint): Promise<SettlementEvidence> {
  const { domain, operator, market, parameters } = world;
  return signEvidence({
    domain,
    operator,
    requester,
    node,
    creator: creator.address,
    token: market.token,
    feeBps: parameters.feeBps,
    price: 50n * DOLLAR,
    royalty: 5n * DOLLAR,
    order: { nonce: nonces + nonce },
  });
}

/** @returns gas of the whole transaction */
async function settleAll(parties: readonly Party[], nonce: bigint): Promise<bigint> {
  const items = await Promise.all(parties.map((party) => evidenceOf(party, nonce)));
  const { submitted, refused } = await submitSettlements(world.sender, world.market.vault, items);
  expect(refused).toEqual([]);
  expect(submitted).toHaveLength(BATCH);
  expect(new Set(submitted.map(({ txHash }) => txHash)).size).toBe(1);
  return (await world.sender.wait(submitted[0]!.txHash)).gasUsed;
}

it("settles a hundred tasks of a hundred requesters, nodes and creators at no more than 40,000 gas each", async () => {
  const { vault, token } = world.market;
  const parties = Array.from({ length: BATCH }, () => ({
    requester: someone(),
    node: someone(),
    creator: someone(),
    nonces: BigInt(`0x${randomBytes(15).toString("hex")}`) << 7n,
  }));
  await mintTestDollars(world.sender, { token, to: world.operator.address, amount: 200n * DOLLAR * BigInt(BATCH) });
  for (const { requester } of parties) {
    await deposit(world.sender, { vault, token, amount: 200n * DOLLAR, owner: requester.address });
  }
  // All have settled before, so that nobody's balance is zero.
  await settleAll(parties, 0n);
  const gas = await settleAll(parties, 1n);
  console.log(`settlement among ${BATCH}: ${gas / BigInt(BATCH)} gas a task`);
  for (const { node, creator } of parties) {
    expect((await vaultBalance(world.chain, vault, node.address, token)).available).toBe(90n * DOLLAR);
    expect((await vaultBalance(world.chain, vault, creator.address, token)).available).toBe(10n * DOLLAR);
  }
  expect(gas / BigInt(BATCH)).toBeLessThanOrEqual(MOST_GAS_A_TASK);
}, 120_000);
