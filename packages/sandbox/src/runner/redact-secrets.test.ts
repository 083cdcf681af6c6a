import { generateKeyPairSync } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { redactSecrets } from "./redact-secrets.ts";

const { privateKey } = generateKeyPairSync("ed25519");
const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString().trim();
const token = (bytes: string) => Buffer.from(bytes).toString("base64url");

test.each([
  ["a PEM key", pem, "[redacted]"],
  ["an OpenAI key", `sk-proj-${"a1".repeat(20)}`, "[redacted]"],
  ["an Anthropic key", `sk-ant-api03-${"Zz9_".repeat(10)}`, "[redacted]"],
  ["a Groq key", `gsk_${"q".repeat(52)}`, "[redacted]"],
  ["a Stripe key", `sk_live_${"4".repeat(24)}`, "[redacted]"],
  ["a GitHub token", `ghp_${"x".repeat(36)}`, "[redacted]"],
  ["a fine-grained GitHub token", `github_pat_${"11A".repeat(20)}`, "[redacted]"],
  ["an AWS key id", `AKIA${"Q".repeat(16)}`, "[redacted]"],
  ["a Slack token", `xoxb-${"123456789012-".repeat(2)}abc`, "[redacted]"],
  ["a Google key", `AIza${"S".repeat(35)}`, "[redacted]"],
  ["a JSON Web Token", `${token('{"alg":"HS256"}')}.${token('{"sub":"someone"}')}.${token("signature")}`, "[redacted]"],
  ["an authorization header", `Authorization: Bearer ${"t0k3n.".repeat(5)}`, "Authorization: Bearer [redacted]"],
  ["a password in an address", "postgres://stoa:hunter2@db:5432/x", "postgres://stoa:[redacted]@db:5432/x"],
])("%s is replaced, and the words around it stay", (_, secret, redacted) => {
  expect(redactSecrets(`before ${secret} after`)).toBe(`before ${redacted} after`);
});

test("a PEM key that is cut off takes what follows with it", () => {
  expect(redactSecrets(`before ${pem.slice(0, 60)}\nafter`)).toBe("before [redacted]");
});

test.each([
  "https://example.org:8443/path?query=1#fragment",
  "0x5b1e7f2d5f0d9d0c1b2a39485766554433221100ffeeddccbbaa998877665544",
  "the task-force asked for a sk-etch, bearer of bad news",
  "eyJust a word. eyJust another. And a third",
])("what is no secret stays: %s", (text) => {
  expect(redactSecrets(text)).toBe(text);
});

test("nothing of a secret is left, wherever it stands in a text", () => {
  const secret = `ghp_${"k".repeat(36)}`;
  fc.assert(
    fc.property(fc.string(), fc.string(), (before, after) => {
      expect(redactSecrets(`${before} ${secret} ${after}`)).not.toContain(secret);
    }),
  );
});

test("a hostile text is gone through in one piece", () => {
  for (const piece of ["eyJ-", "a.", "sk-", "Bearer ", "-----BEGIN ", "a://", "x:@"]) {
    const text = piece.repeat((256 << 10) / piece.length);
    expect(redactSecrets(text).length).toBeGreaterThan(0);
  }
});
