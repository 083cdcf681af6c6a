import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Identities, LinkedWallet, NewApiKey, ServiceAccount, SignedInSession } from "@stoa/protocol";
import { generatePrivateKey, privateKeyToAddress } from "viem/accounts";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type LocalMarket, startLocalMarket, until } from "./local-market.ts";

/** Each command is a process of its own. */
const PATIENCE = { timeout: 240_000 };

let market: LocalMarket;
beforeAll(async () => {
  market = await startLocalMarket();
  await market.stoa("ada", ["account", "create"]);
});
afterAll(() => market[Symbol.asyncDispose]());

/** Runs a command that must succeed, and gives what it says as JSON. */
async function json<T>(...args: string[]): Promise<T> {
  const { code, stdout, stderr } = await market.stoa("ada", [...args, "--json"]);
  expect(code, `stoa ${args.join(" ")}\n${stderr}`).toBe(0);
  return JSON.parse(stdout) as T;
}

it("links a second wallet, makes it the main one, and unlinks it", PATIENCE, async () => {
  const key = generatePrivateKey();
  const file = join(market.folder, "second.key");
  await writeFile(file, key, { mode: 0o600 });
  const { items } = await json<{ items: LinkedWallet[] }>("account", "wallets", "--link", file);
  const [first, second] = items;
  expect(second).toMatchObject({ address: privateKeyToAddress(key), isMain: false });
  const swapped = await json<{ items: LinkedWallet[] }>("account", "wallets", "--main", second!.id);
  expect(swapped.items.map(({ id, isMain }) => [id, isMain])).toEqual([
    [second!.id, true],
    [first!.id, false],
  ]);
  const left = await json<{ items: LinkedWallet[] }>("account", "wallets", "--unlink", second!.id);
  expect(left.items).toEqual([{ ...first, isMain: true }]);
});

it("joins an e-mail address by the link in the market's own mailbox", PATIENCE, async () => {
  const passwordFile = join(market.folder, "password");
  await writeFile(passwordFile, "seven brown umbrellas\n", { mode: 0o600 });
  await json("account", "email", "ada@example.org", "--password-file", passwordFile);
  const mails = join(market.folder, "data", "mails");
  const isThere = async () => (await readdir(mails).catch(() => [])).length > 0;
  await until(isThere, () => "no mail came", 60_000);
  const [name = ""] = await readdir(mails);
  const token = /#([\w-]+)/.exec(await readFile(join(mails, name), "utf8"))?.[1] ?? "";
  await json("account", "email", "--confirm", token);
  expect(await json<Identities>("account", "identities")).toMatchObject({
    email: "ada@example.org",
    hasPassword: true,
  });
});

it("makes a program an account and a key of its own, which end together", PATIENCE, async () => {
  const service = await json<ServiceAccount>("account", "service-accounts", "--create", "nightly");
  const made = await json<NewApiKey>("account", "keys", "--create", "n1", "--service", service.id, "--tier", "low");
  expect(made).toMatchObject({ serviceAccountId: service.id, tier: "low" });
  const balance = await market.stoa("nobody", ["account", "balance", "--api-key", made.key, "--json"]);
  expect(balance.code, balance.stderr).toBe(0);
  await json("account", "service-accounts", "--delete", service.id);
  const refused = await market.stoa("nobody", ["account", "balance", "--api-key", made.key, "--json"]);
  expect(refused.code).toBe(2);
});

it("shows where the account is signed in, and signs it out elsewhere", PATIENCE, async () => {
  await json("account", "sessions", "--end-others");
  const { items } = await json<{ items: SignedInSession[] }>("account", "sessions");
  // Each command signs in anew: the one that ended the others, and the one that asks.
  expect(items).toHaveLength(2);
  expect(items.filter(({ isCurrent }) => isCurrent)).toHaveLength(1);
});
