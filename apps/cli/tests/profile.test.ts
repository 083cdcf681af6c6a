import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { encryptKey } from "@stoa/host";
import { privateKeyToAddress } from "viem/accounts";
import { describe, expect, it } from "vitest";
import { readWallet } from "../src/profile/read-wallet.ts";
import { resolveProfile } from "../src/profile/resolve-profile.ts";

async function setup() {
  const folder = await mkdtemp(join(tmpdir(), "stoa-profile-"));
  const write = async (path: string, content: unknown) => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), typeof content === "string" ? content : JSON.stringify(content));
  };
  return { folder, write, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}

describe("a profile", () => {
  it("is the local market's demo profile when nothing else is said, its paths counted from its folder", async () => {
    await using at = await setup();
    await at.write("data/demo/profile.json", {
      url: "http://127.0.0.1:9",
      apiKey: "stoa_demo",
      walletKeyFile: "wallet.key",
      rpcUrl: "http://r",
    });
    expect(resolveProfile({}, { STOA_DATA: "data" }, at.folder)).toMatchObject({
      url: "http://127.0.0.1:9",
      apiKey: "stoa_demo",
      rpcUrl: "http://r",
      walletKeyFile: join(at.folder, "data/demo/wallet.key"),
    });
  });

  it("is one's own when STOA_HOME names it, whatever local market there is", async () => {
    await using at = await setup();
    await at.write("data/demo/profile.json", { url: "http://127.0.0.1:9", apiKey: "stoa_demo" });
    await at.write("mine/profile.json", { url: "https://market.example", walletKeyFile: "w.key" });
    const profile = resolveProfile({}, { STOA_DATA: "data", STOA_HOME: "mine" }, at.folder);
    expect(profile).toMatchObject({
      url: "https://market.example",
      apiKey: null,
      walletKeyFile: join(at.folder, "mine/w.key"),
    });
  });

  it("gives its keys to no other market", async () => {
    await using at = await setup();
    await at.write("data/demo/profile.json", {
      url: "http://127.0.0.1:9",
      apiKey: "stoa_demo",
      walletKeyFile: "wallet.key",
    });
    const env = { STOA_DATA: "data" };
    expect(resolveProfile({ url: "https://elsewhere.example" }, env, at.folder)).toMatchObject({
      apiKey: null,
      walletKeyFile: null,
    });
    expect(resolveProfile({ url: "http://127.0.0.1:9/" }, env, at.folder)).toMatchObject({ apiKey: "stoa_demo" });
  });

  it("yields to the environment, and that to options", async () => {
    await using at = await setup();
    await at.write("data/demo/profile.json", { url: "http://127.0.0.1:9", apiKey: "stoa_demo" });
    const env = { STOA_DATA: "data", STOA_API_KEY: "stoa_env", STOA_RPC_URL: "http://env" };
    expect(resolveProfile({}, env, at.folder)).toMatchObject({ apiKey: "stoa_env", rpcUrl: "http://env" });
    expect(resolveProfile({ apiKey: "stoa_option", walletKeyFile: "k" }, env, at.folder)).toMatchObject({
      apiKey: "stoa_option",
      walletKeyFile: join(at.folder, "k"),
    });
  });

  it.each([
    ["is no JSON", "{", /is not JSON/],
    ["is no object", "[]", /must hold an object/],
    ["has a number for an address", { url: 8_080 }, /url in the profile .* must be text, got 8080/],
  ])("that %s is told, not passed over", async (_name, content, message) => {
    await using at = await setup();
    await at.write("mine/profile.json", content);
    expect(() => resolveProfile({}, { STOA_HOME: "mine" }, at.folder)).toThrow(message);
  });
});

describe("a wallet's key", () => {
  it("is read with or without 0x, and a file of another form is told without its content", async () => {
    await using at = await setup();
    await at.write("with", `0x${"11".repeat(32)}\n`);
    await at.write("without", "11".repeat(32));
    await at.write("wrong", "hunter2");
    const [a, b] = await Promise.all(
      ["with", "without"].map((name) => readWallet({ walletKeyFile: join(at.folder, name) })),
    );
    expect(a?.address).toBe(b?.address);
    const error = await readWallet({ walletKeyFile: join(at.folder, "wrong") }).catch(
      (caught: unknown) => caught as Error,
    );
    expect((error as Error).message).toMatch(/7 characters of another form/);
    expect((error as Error).message).not.toContain("hunter2");
    await expect(readWallet({ walletKeyFile: null })).rejects.toThrow(/stoa wallet create/);
  });

  it("is read from an encrypted keystore by its passphrase's file, and not without", async () => {
    await using at = await setup();
    const key = `0x${"11".repeat(32)}` as const;
    await at.write("keystore.json", await encryptKey(key, "open sesame", { n: 2, r: 8, p: 1 }));
    await at.write("passphrase", "open sesame\n");
    await at.write("other", "open barley\n");
    const walletKeyFile = join(at.folder, "keystore.json");
    const readBy = (name: string) => readWallet({ walletKeyFile, walletPassphraseFile: join(at.folder, name) });
    expect((await readBy("passphrase")).address).toBe(privateKeyToAddress(key));
    await expect(readBy("other")).rejects.toThrow(/passphrase is another's/);
    await expect(readWallet({ walletKeyFile })).rejects.toThrow(/is encrypted: name the file of its passphrase/);
  });
});
