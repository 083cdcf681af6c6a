import fc from "fast-check";
import { expect, it } from "vitest";
import type { Key } from "./key-file.ts";
import { decryptKey, encryptKey, type Keystore } from "./keystore.ts";

const LIGHT = { n: 2, r: 8, p: 1 };
const SECRET = "0x7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d";

/** The definition's own examples, of the passphrase "testpassword". */
const examples: Record<string, Keystore> = {
  pbkdf2: {
    version: 3,
    id: "3198bc9c-6672-5ab3-d995-4942343ae5b6",
    crypto: {
      cipher: "aes-128-ctr",
      cipherparams: { iv: "6087dab2f9fdbbfaddc31a909735c1e6" },
      ciphertext: "5318b4d5bcd28de64ee5559e671353e16f075ecae9f99c7a79a38af5f869aa46",
      kdf: "pbkdf2",
      kdfparams: {
        c: 262_144,
        dklen: 32,
        prf: "hmac-sha256",
        salt: "ae3cd4e7013836a3df6bd7241b12db061dbe2c6785853cce422d148a624ce0bd",
      },
      mac: "517ead924a9d0dc3124507e3393d175ce3ff7c1e96529c6c555ce9e51205e9b2",
    },
  },
  scrypt: {
    version: 3,
    id: "3198bc9c-6672-5ab3-d995-4942343ae5b6",
    crypto: {
      cipher: "aes-128-ctr",
      cipherparams: { iv: "83dbcc02d8ccb40e466191a123791e0e" },
      ciphertext: "d172bf743a674da9cdad04534d56926ef8358534d458fffccd4e6ad2fbde479c",
      kdf: "scrypt",
      kdfparams: {
        dklen: 32,
        n: 262_144,
        p: 8,
        r: 1,
        salt: "ab0c7876052600dd703518d6fc3fe8984592145b591fc8fb5c6d43190334ba19",
      },
      mac: "2103ac29920d71da29f15d75b4a16dbe95cfd7ff8faea1056c33131d846e3097",
    },
  },
};

it.for(Object.keys(examples))("opens the definition's example of %s", async (name) => {
  expect(await decryptKey(examples[name], "testpassword")).toBe(SECRET);
});

it("does not open with another passphrase", async () => {
  const opening = decryptKey(examples["pbkdf2"], "testpasswort");
  await expect(opening).rejects.toMatchObject({ code: "invalid_configuration" });
});

it("decrypts what it encrypted, whatever the key and the passphrase", async () => {
  const keys = fc
    .uint8Array({ minLength: 31, maxLength: 31 })
    .map((bytes): Key => `0x01${Buffer.from(bytes).toString("hex")}`);
  await fc.assert(
    fc.asyncProperty(keys, fc.string({ unit: "grapheme" }), async (key, passphrase) => {
      const written = JSON.parse(JSON.stringify(await encryptKey(key, passphrase, LIGHT))) as unknown;
      expect(await decryptKey(written, passphrase)).toBe(key);
    }),
    { numRuns: 40 },
  );
});

it.for([
  ["another version", { version: 1 }],
  ["another address", { address: "11".repeat(20) }],
])("refuses a keystore of %s", async ([, change]) => {
  const written = { ...(await encryptKey(SECRET, "open", LIGHT)), ...(change as object) };
  await expect(decryptKey(written, "open")).rejects.toMatchObject({ code: "invalid_configuration" });
});

it.for([
  ["n", 2 ** 30],
  ["n", 3],
  ["r", 0],
  ["p", "1"],
])("refuses costs that nobody could pay: %s %s", async ([name, value]) => {
  const written = await encryptKey(SECRET, "open", LIGHT);
  written.crypto.kdfparams[name as string] = value;
  await expect(decryptKey(written, "open")).rejects.toMatchObject({ code: "invalid_configuration" });
});

it("refuses a damaged file", async () => {
  const written = await encryptKey(SECRET, "open", LIGHT);
  const ciphertext = written.crypto.ciphertext.replace(/^../, (byte) => (byte === "00" ? "01" : "00"));
  const damaged = { ...written, crypto: { ...written.crypto, ciphertext } };
  await expect(decryptKey(damaged, "open")).rejects.toMatchObject({ code: "invalid_configuration" });
});
