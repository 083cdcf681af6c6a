import fc from "fast-check";
import { pino } from "pino";
import { cancelWithdrawal, evmFacts, requestWithdrawal, vaultBalance } from "@stoa/chain";
import { available, withdrawing } from "@stoa/core";
import { openMarket } from "@stoa/market";
import { type Database, openDatabase } from "@stoa/store";
import { ledgerProblems } from "@stoa/testkit";
import { expect, it, onTestFinished } from "vitest";
import { toConfig } from "../../src/config.ts";
import { followVault } from "../../src/effects/follow-vault.ts";
import { openTerms } from "../../src/open-terms.ts";
import { type PayingChain, startPayingChain, until } from "./index-fixture.ts";

const CONFIRMATIONS = 6;

/** A market whose ledger mirrors a vault. */
async function setup() {
  const world = await startPayingChain();
  const database = await openDatabase({});
  onTestFinished(() => database.close());
  const { vault, token } = world.market;
  const config = toConfig({ STOA_RPC_URL: world.anvil.rpcUrl, STOA_VAULT: vault, STOA_TOKEN: token });
  const { terms } = await openTerms(world.chain, config, world.operator.address);
  const market = openMarket({ database, terms, operator: world.operator, runner: world.operator });
  onTestFinished(() => market.stop());
  await market.ready;
  const follow = () => {
    const stopping = new AbortController();
    const ended = followVault({
      database,
      market,
      log: pino({ level: "silent" }),
      signal: stopping.signal,
      facts: evmFacts(world.chain, [world.source]),
      confirmations: CONFIRMATIONS,
      pollMs: 10,
      onFault() {},
    });
    ended.catch(() => undefined);
    const stop = async () => {
      stopping.abort();
      await ended;
    };
    return { ended, stop };
  };
  const owner = world.owner.account.address;
  return {
    world,
    database,
    market,
    follow,
    balance: () => balanceOf(database, available(owner)),
    waiting: () => balanceOf(database, withdrawing(owner)),
    /** Waits until the ledger has taken all that is deep enough. */
    mirrored: () =>
      until("the ledger is as far as the chain", async () => {
        const cursor = await market.vaultCursor();
        return Number(cursor?.number ?? -1) === (await world.head()) - CONFIRMATIONS;
      }),
  };
}

async function balanceOf(database: Database, account: string): Promise<bigint> {
  const rows = await database.query<{ amount: bigint }>("select amount from balances where account = $1", [account]);
  return rows[0]?.amount ?? 0n;
}

it("counts a deposit once enough blocks stand on it, and never one that a reorganisation took before", async () => {
  const { world, follow, balance, mirrored } = await setup();
  await world.mine(CONFIRMATIONS);
  const following = follow();
  await mirrored();
  expect(await balance()).toBe(1n);
  await world.pay(7n);
  await world.mine(CONFIRMATIONS - 1);
  await mirrored();
  expect(await balance()).toBe(1n);
  await world.reorg(CONFIRMATIONS);
  await world.mine(2 * CONFIRMATIONS);
  await mirrored();
  expect(await balance()).toBe(1n);
  await world.pay(9n);
  await world.mine(CONFIRMATIONS);
  await mirrored();
  expect(await balance()).toBe(10n);
  await following.stop();
});

it("what was indexed and not mirrored when the market stopped is mirrored at its next start, without a new block", async () => {
  const { world, database, follow, balance, mirrored } = await setup();
  await world.pay(7n);
  await world.mine(CONFIRMATIONS);
  const following = follow();
  await mirrored();
  await following.stop();
  // As if the market had been killed between the index and the ledger.
  await database.script("delete from chain_cursor; delete from entries; delete from balances; delete from postings");
  const again = follow();
  await mirrored();
  await again.stop();
  expect(await balance()).toBe(8n);
});

it("has the vault's balances to the unit after reorganisations, restarts and load", async () => {
  const { world, database, follow, balance, waiting, mirrored } = await setup();
  await world.mine(20);
  let following = follow();
  const acts = {
    pay: (size: number) => world.pay(BigInt(size)),
    mine: (size: number) => world.mine(size),
    reorg: (size: number) => world.reorg(Math.min(size, CONFIRMATIONS)),
    withdraw: (size: number) => withdraw(world, BigInt(size)),
    async restart() {
      await following.stop();
      following = follow();
    },
  };
  const act = fc.constantFrom("pay", "pay", "pay", "withdraw", "mine", "reorg", "restart");
  const step = fc.tuple(act, fc.integer({ min: 1, max: 8 }));
  for (const [name, size] of fc.sample(step, { numRuns: 80, seed: 11 })) await acts[name](size);
  await world.mine(CONFIRMATIONS);
  await mirrored();
  await following.stop();
  const { vault, token } = world.market;
  const onChain = await vaultBalance(world.chain, vault, world.owner.account.address, token);
  expect({ available: await balance(), withdrawing: await waiting() }).toEqual({
    available: onChain.available,
    withdrawing: onChain.withdrawing,
  });
  expect(await ledgerProblems(database)).toEqual([]);
});

/** Asks for a withdrawal, or takes the last one back when there is one. */
async function withdraw({ chain, market, owner }: PayingChain, amount: bigint): Promise<unknown> {
  const { vault, token } = market;
  const { available: free, withdrawing: asked } = await vaultBalance(chain, vault, owner.account.address, token);
  if (asked > 0n) return cancelWithdrawal(owner.sender, { vault, token });
  return free < amount ? undefined : requestWithdrawal(owner.sender, { vault, token, amount });
}

it("stops loudly, with its ledger as it was, when a block it has taken leaves the chain", async () => {
  const { world, market, follow, balance, mirrored } = await setup();
  await world.pay(7n);
  await world.mine(CONFIRMATIONS + 1);
  const following = follow();
  await mirrored();
  const cursor = await market.vaultCursor();
  await world.reorg(CONFIRMATIONS + 3);
  await world.mine(2);
  const loud = { code: "chain_reorganised", message: expect.stringContaining("compare the ledger with the vault") };
  await expect(following.ended).rejects.toMatchObject(loud);
  // And again at every start, until somebody has looked at it.
  await expect(follow().ended).rejects.toMatchObject(loud);
  expect(await balance()).toBe(8n);
  expect(await market.vaultCursor()).toEqual(cursor);
});
