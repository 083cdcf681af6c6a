import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { tokenBalance, WALLET_DELEGATE_ADDRESS } from "@stoa/chain";
import type { Address } from "@stoa/protocol";
import { callAnvil } from "@stoa/testkit";
import { parseEther, toHex } from "viem";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Ended, type LocalMarket, startLocalMarket, until } from "./local-market.ts";

type Created = { address: Address };

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
  const { chain, market: book } = market.chain;
  const { address } = await done<Created>("account", "create", "--rpc-url", market.chain.anvil.rpcUrl);
  const unfunded = await stoa("account", "deposit", "5", "--test-money");
  expect(errorOf(unfunded), "a paymaster without a deposit pays nothing").toMatchObject({ code: "chain_rejected" });
  expect(await fund("0.75")).toMatchObject({ deposit: parseEther("0.75").toString(), spent: { amount: "0" } });
  await done("account", "deposit", "5");
  await until(
    async () => BigInt((await done<{ balances: { available: string } }>("account", "balance")).balances.available) > 0n,
    () => "the deposit never counted",
  );
  await done("account", "withdraw", "2");
  expect(await tokenBalance(chain, book.token, address)).toBe(0n);
  expect(await chain.client.getBalance({ address })).toBe(0n);

  const { holds } = await done<{ holds: unknown }>("wallet", "show", "--book", await bookFile());
  expect(holds).toMatchObject({ native: "0", delegate: WALLET_DELEGATE_ADDRESS });
});

/** Somebody who has ether adds to what the market pays from. */
async function fund(amount: string): Promise<unknown> {
  const { anvil } = market.chain;
  const named = ["--rpc-url", anvil.rpcUrl, "--json"];
  const { address } = JSON.parse((await market.stoa("rich", ["account", "create", ...named])).stdout) as Created;
  await callAnvil(anvil, "anvil_setBalance", [address, toHex(parseEther("1"))]);
  const { stdout } = await market.stoa("rich", [
    "chain",
    "gas",
    "--fund",
    amount,
    "--book",
    await bookFile(),
    ...named,
  ]);
  return JSON.parse(stdout);
}

/** A book of the contracts that are asked for here. */
async function bookFile(): Promise<string> {
  const { chain, market: book } = market.chain;
  const entry = (address: Address) => ({ address, txHash: null, block: null, isWired: true });
  const contracts = { token: entry(book.token), paymaster: entry(book.paymaster) };
  const file = join(market.folder, "book.json");
  await writeFile(file, JSON.stringify({ chainId: chain.chainId, contracts, rolesTxHash: null }));
  return file;
}

it("says what is wrong with a setting that is neither yes nor no", async () => {
  const wrong = await market.stoa("poor", ["wallet", "show", "--json"], { env: { STOA_GASLESS: "perhaps" } });
  expect(wrong.code).toBe(2);
  expect(errorOf(wrong).message).toContain('gasless must be yes or no, got "perhaps"');
});
