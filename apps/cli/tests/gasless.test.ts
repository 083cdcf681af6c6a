import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fundPaymaster, tokenBalance, WALLET_DELEGATE_ADDRESS } from "@stoa/chain";
import type { Address } from "@stoa/protocol";
import { parseEther } from "viem";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Ended, type LocalMarket, startLocalMarket, until } from "./local-market.ts";

let market: LocalMarket;
beforeAll(async () => void (market = await startLocalMarket()));
afterAll(() => market?.[Symbol.asyncDispose]());

const stoa = (...args: string[]) => market.stoa("poor", [...args, "--json"], { env: { STOA_GASLESS: "yes" } });

async function done<T = Record<string, string>>(...args: string[]): Promise<T> {
  const { code, stdout, stderr } = await stoa(...args);
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout) as T;
}

const errorOf = ({ stderr }: Ended) =>
  (JSON.parse(stderr.trim().split("\n").at(-1) ?? "") as { error: { code: string; message: string } }).error;

it("deposits and withdraws from a wallet that never has any of the chain's coin", async () => {
  const { chain, sender, market: book } = market.chain;
  const { address } = await done<{ address: Address }>("account", "create", "--rpc-url", market.chain.anvil.rpcUrl);
  const unfunded = await stoa("account", "deposit", "5", "--test-money");
  expect(errorOf(unfunded), "a paymaster without a deposit pays nothing").toMatchObject({ code: "chain_rejected" });
  await fundPaymaster(sender, { paymaster: book.paymaster, amount: parseEther("1") });
  await done("account", "deposit", "5");
  await until(
    async () => BigInt((await done<{ balances: { available: string } }>("account", "balance")).balances.available) > 0n,
    () => "the deposit never counted",
  );
  await done("account", "withdraw", "2");
  expect(await tokenBalance(chain, book.token, address)).toBe(0n);
  expect(await chain.client.getBalance({ address })).toBe(0n);

  await writeFile(join(market.folder, "book.json"), JSON.stringify(bookOf()));
  const { holds } = await done<{ holds: unknown }>("wallet", "show", "--book", join(market.folder, "book.json"));
  expect(holds).toMatchObject({ native: "0", delegate: WALLET_DELEGATE_ADDRESS });
});

/** A book of the market's token alone. */
function bookOf() {
  const { chain, market: book } = market.chain;
  const token = { address: book.token, txHash: null, block: null, isWired: true };
  return { chainId: chain.chainId, contracts: { token }, rolesTxHash: null };
}

it("says what is wrong with a setting that is neither yes nor no", async () => {
  const wrong = await market.stoa("poor", ["wallet", "show", "--json"], { env: { STOA_GASLESS: "perhaps" } });
  expect(wrong.code).toBe(2);
  expect(errorOf(wrong).message).toContain('gasless must be yes or no, got "perhaps"');
});
