import { randomUUID } from "node:crypto";
import { StoaError } from "@stoa/protocol";
import type { Database } from "@stoa/store";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { createSiweMessage } from "viem/siwe";
import { expect } from "vitest";
import { type Accounts, type AccountsOptions, openAccounts, type Principal } from "../src/index.ts";

export const CLIENT = { address: "203.0.113.5", userAgent: "test" };

/** A client at an address of its own. */
export const anyone = () => ({ ...CLIENT, address: randomUUID() });

/** Accounts over a database, with a clock the test moves, and that never shows the same time twice. */
export function openTestAccounts(database: Database, change: Partial<AccountsOptions> = {}) {
  const clock = { now: Date.now() };
  const accounts = openAccounts({
    database,
    secret: "a secret of more than thirty-two characters",
    baseUrl: "http://127.0.0.1:4000",
    chainId: 31_337,
    now: () => (clock.now += 1),
    ...change,
  });
  return { accounts, clock, database };
}
export type TestAccounts = ReturnType<typeof openTestAccounts>;

/** Expects a rejection with a code. */
export const code = (expected: string) =>
  expect.toSatisfy((error: unknown) => error instanceof StoaError && error.code === expected, expected);

export function randomWallet() {
  return privateKeyToAccount(generatePrivateKey());
}

export async function signInByKey({ accounts }: TestAccounts, wallet = randomWallet()) {
  const { nonce, domain, uri, chainId } = await accounts.createNonce();
  const message = createSiweMessage({ address: wallet.address, nonce, domain, uri, chainId, version: "1" });
  return accounts.signInByWallet({ message, signature: await wallet.signMessage({ message }) }, CLIENT);
}

export async function principalOf(accounts: Accounts, { accessToken }: { accessToken: string }): Promise<Principal> {
  return (await accounts.authenticate({ token: accessToken }))!;
}

/** The mails that wait for an address, the newest last. */
export function mailsTo(database: Database, recipient: string) {
  return database.query<{ subject: string; body: string }>(
    "select subject, body from mails where recipient = $1 order by due_at, id",
    [recipient],
  );
}

/** The token of the newest mail with a link to a page. */
export async function mailedToken(database: Database, recipient: string, page: string): Promise<string> {
  const links = (await mailsTo(database, recipient)).flatMap(({ body }) => body.match(/\S+#\S+/g) ?? []);
  return (
    links
      .filter((link) => link.includes(page))
      .at(-1)
      ?.split("#")[1] ?? ""
  );
}
