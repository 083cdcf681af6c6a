import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCli } from "@stoa/cli";
import { decryptKey } from "@stoa/host";
import { freePort } from "@stoa/testkit";
import { generatePrivateKey, privateKeyToAddress } from "viem/accounts";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Ended } from "./local-market.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "stoa-cli-wallet-"));
  await writeFile(join(folder, "passphrase"), "open sesame\n");
  await writeFile(join(folder, "empty"), "\n");
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function stoa(home: string, ...args: string[]): Promise<Ended> {
  const [stdout, stderr] = [[] as string[], [] as string[]];
  const code = await runCli(["wallet", ...args], {
    env: { NO_COLOR: "1", STOA_HOME: join(folder, home), STOA_DATA: join(folder, "no-market") },
    cwd: folder,
    stdout: { write: (text) => stdout.push(text) },
    stderr: { write: (text) => stderr.push(text) },
  });
  return { code, stdout: stdout.join(""), stderr: stderr.join("") };
}

it("makes a wallet that only its passphrase opens, and a profile that names both", async () => {
  const made = await stoa("new", "create", "--wallet-passphrase-file", "passphrase", "--json");
  expect(made).toMatchObject({ code: 0 });
  const { address, walletKeyFile } = JSON.parse(made.stdout) as { address: string; walletKeyFile: string };
  expect((await stat(walletKeyFile)).mode & 0o777).toBe(0o600);
  const kept = await readFile(walletKeyFile, "utf8");
  const key = await decryptKey(JSON.parse(kept), "open sesame");
  expect(privateKeyToAddress(key)).toBe(address);
  const shown = await stoa("new", "show");
  expect(shown.stdout).toContain(address);
  const json = await stoa("new", "show", "--json");
  expect(JSON.parse(json.stdout)).toEqual({ address, walletKeyFile, holds: null });
  for (const { stdout, stderr } of [made, shown, json]) expect(stdout + stderr).not.toContain(key.slice(2));
  expect((await stoa("new", "show", "--reveal-key")).stdout).toContain(key);
  const again = await stoa("new", "create");
  expect([again.code, again.stderr]).toEqual([2, expect.stringContaining("is there already")]);
  expect(await readFile(walletKeyFile, "utf8")).toBe(kept);
});

it("takes a key in, as hex or as another wallet's keystore, and leaves a profile that is there alone", async () => {
  const key = generatePrivateKey();
  await writeFile(join(folder, "hex"), key);
  const args = ["--wallet-passphrase-file", "passphrase", "--json"];
  const taken = await stoa("taken", "import", "hex", ...args);
  expect(JSON.parse(taken.stdout)).toMatchObject({ address: privateKeyToAddress(key), profile: expect.any(String) });
  const source = join(folder, "taken", "wallet.json");
  const locked = await stoa("other", "import", source, ...args);
  expect(locked.stderr).toContain("is encrypted");
  const old = ["--old-passphrase-file", "passphrase"];
  const copied = await stoa("taken", "import", source, ...old, "--out", "copy.json", ...args);
  expect(JSON.parse(copied.stdout)).toMatchObject({ address: privateKeyToAddress(key), profile: null });
  expect(copied.stdout + taken.stdout).not.toContain(key.slice(2));
});

it("asks for a passphrase before it makes a key, and takes no empty one", async () => {
  const without = await stoa("none", "create");
  expect([without.code, without.stderr]).toEqual([2, expect.stringContaining("--wallet-passphrase-file")]);
  const empty = await stoa("none", "create", "--wallet-passphrase-file", "empty");
  expect([empty.code, empty.stderr]).toEqual([2, expect.stringContaining("an empty passphrase protects nothing")]);
  const missing = await stoa("none", "show");
  expect([missing.code, missing.stderr]).toEqual([2, expect.stringContaining("stoa wallet create")]);
});

it("shows an address while the chain is away", async () => {
  await writeFile(join(folder, "plain"), generatePrivateKey());
  const rpc = `http://127.0.0.1:${await freePort()}`;
  const { code, stdout, stderr } = await stoa("away", "show", "--wallet-key-file", "plain", "--rpc", rpc);
  expect([code, stdout]).toEqual([0, expect.stringMatching(/wallet +0x/)]);
  expect(stderr).toContain("What it holds is not known");
});
