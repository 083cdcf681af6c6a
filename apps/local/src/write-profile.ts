import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { AddressBook } from "@stoa/chain";
import { writeWhole } from "@stoa/host";
import { createClient, type StoaClient } from "@stoa/sdk";
import { wallets, writeWallet } from "./wallets.ts";

/**
 * Writes what the command line reads: where the market is, and the demo account's keys. Its API key is made once.
 * @returns the profile's file, and its API key
 */
export async function writeProfile(
  dataFolder: string,
  client: StoaClient,
  where: { url: string; rpcUrl: string; book: AddressBook },
): Promise<{ profileFile: string; apiKey: string }> {
  const file = join(dataFolder, "demo", "profile.json");
  const walletKeyFile = join(dataFolder, "demo", "wallet.key");
  await writeWallet(walletKeyFile, wallets.requester);
  const before = JSON.parse(await readFile(file, "utf8").catch(() => "{}")) as { apiKey?: string };
  const apiKey =
    (await stillGood(where.url, before.apiKey)) ??
    (
      await client.auth.createKey({
        name: "local demo",
        scopes: ["tasks:read", "tasks:write", "agents:write", "account:read"],
      })
    ).key;
  const profile = { url: where.url, rpcUrl: where.rpcUrl, walletKeyFile, apiKey, addressBook: where.book };
  await writeWhole(file, `${JSON.stringify(profile, null, 2)}\n`, 0o600);
  return { profileFile: file, apiKey };
}

async function stillGood(url: string, apiKey: string | undefined): Promise<string | undefined> {
  if (!apiKey) return undefined;
  return createClient({ url, apiKey })
    .auth.session()
    .then(
      () => apiKey,
      () => undefined,
    );
}
