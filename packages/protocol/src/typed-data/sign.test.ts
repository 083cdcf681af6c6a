import fc from "fast-check";
import { privateKeyToAccount } from "viem/accounts";
import { expect, test } from "vitest";
import { nativeCurve } from "./native-curve.ts";
import { recoverAddress as recoverNatively } from "./recover-address.node.ts";
import { recoverAddress as recoverAnywhere } from "./recover-address.ts";
import { hashTyped, recoverSigner, signTyped } from "./sign.ts";
import { signDigest as signNatively } from "./sign-digest.node.ts";
import { signDigest as signAnywhere } from "./sign-digest.ts";
import { signingAccount } from "./signing-account.ts";

const account = privateKeyToAccount(`0x${"11".repeat(32)}`);
const domain = { chainId: 1, vault: account.address };
const acceptance = { orderHash: `0x${"11".repeat(32)}`, resultHash: `0x${"22".repeat(32)}`, price: 1n } as const;
const CURVE_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

test("who signed is recovered from the signature", async () => {
  for (let price = 0n; price < 20n; price += 1n) {
    const message = { ...acceptance, price };
    expect(
      await recoverSigner(domain, "Acceptance", message, await signTyped(account, domain, "Acceptance", message)),
    ).toBe(account.address);
  }
});

test("a signature that the vault would refuse is refused here, before anyone works for it", async () => {
  const signature = await signTyped(account, domain, "Acceptance", acceptance);
  const [r, s, v] = [signature.slice(2, 66), BigInt(`0x${signature.slice(66, 130)}`), signature.slice(130)];
  const mirrored = (CURVE_ORDER - s).toString(16).padStart(64, "0");
  const forms = {
    "its mirror image": `0x${r}${mirrored}${v === "1b" ? "1c" : "1b"}`,
    "a parity of 0 or 1": `0x${r}${s.toString(16).padStart(64, "0")}${v === "1b" ? "00" : "01"}`,
    "64 bytes": signature.slice(0, 130),
    "66 bytes": `${signature}00`,
    zeros: `0x${"00".repeat(64)}1b`,
    "no hex": `0x${"zz".repeat(65)}`,
  };
  for (const [form, bytes] of Object.entries(forms)) {
    await expect(recoverSigner(domain, "Acceptance", acceptance, bytes as `0x${string}`), form).rejects.toMatchObject({
      code: "wrong_signature",
    });
  }
});

test("native code and JavaScript agree on who signed, and on what is no signature", async () => {
  for (let at = 0; at < 20; at += 1) {
    const hash = hashTyped(domain, "Acceptance", { ...acceptance, price: BigInt(at) });
    const signature = await signTyped(account, domain, "Acceptance", { ...acceptance, price: BigInt(at) });
    expect(await recoverNatively(hash, signature)).toBe(await recoverAnywhere(hash, signature));
  }
  const zeros = `0x${"00".repeat(64)}1b` as const;
  await expect(recoverNatively(acceptance.orderHash, zeros)).rejects.toThrow(/recover/);
  await expect(recoverAnywhere(acceptance.orderHash, zeros)).rejects.toThrow(/./);
});

test("native code and JavaScript sign alike, byte for byte as a wallet does", async () => {
  const word = fc.uint8Array({ minLength: 32, maxLength: 32 });
  const key = word.map((bytes) => `0x01${Buffer.from(bytes).toString("hex").slice(2)}` as const);
  const message = word.map((bytes) => `0x${Buffer.from(bytes).toString("hex")}` as const);
  await fc.assert(
    fc.asyncProperty(key, message, async (privateKey, resultHash) => {
      const accepted = { ...acceptance, resultHash };
      const digest = hashTyped(domain, "Acceptance", accepted);
      const byWallet = await signTyped(privateKeyToAccount(privateKey), domain, "Acceptance", accepted);
      expect(await signNatively(privateKey, digest)).toBe(byWallet);
      expect(await signAnywhere(privateKey, digest)).toBe(byWallet);
      expect(await signTyped(signingAccount(privateKey), domain, "Acceptance", accepted)).toBe(byWallet);
    }),
    { numRuns: 50 },
  );
});

test("native code is there where the tests run", () => {
  expect(nativeCurve).toBeDefined();
});
