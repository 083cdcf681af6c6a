import { StoaError } from "@stoa/protocol";
import fc from "fast-check";
import { createSiweMessage } from "viem/siwe";
import { describe, expect, test } from "vitest";
import { parseMessage } from "./parse-message.ts";

const ADDRESS = "0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045";
const fields = fc.record(
  {
    nonce: fc.stringMatching(/^[0-9A-Za-z]{8,40}$/),
    chainId: fc.integer({ min: 1, max: 2 ** 31 }),
    domain: fc.constantFrom("market.test", "127.0.0.1:8080", "localhost"),
    statement: fc.stringMatching(/^[ -~]{1,60}$/),
    scheme: fc.constantFrom("https", "http"),
    requestId: fc.stringMatching(/^[0-9a-z]{0,10}$/),
    resources: fc.array(fc.constantFrom("https://example.org/a?b=1", "ipfs://bafy"), { maxLength: 3 }),
    expirationTime: fc.date({ min: new Date("2020-01-01"), max: new Date("2090-01-01"), noInvalidDate: true }),
    notBefore: fc.date({ min: new Date("2020-01-01"), max: new Date("2090-01-01"), noInvalidDate: true }),
  },
  { requiredKeys: ["nonce", "chainId", "domain"] },
);

const codeOf = (text: string) => {
  try {
    parseMessage(text);
    return null;
  } catch (error) {
    return error instanceof StoaError ? error.code : error;
  }
};

describe("a sign-in message", () => {
  test("is read as it is written", () => {
    fc.assert(
      fc.property(fields, (given) => {
        const uri = `http://${given.domain}`;
        const read = parseMessage(createSiweMessage({ ...given, address: ADDRESS, uri, version: "1" }));
        expect(read).toEqual({
          kind: "ethereum",
          domain: given.domain,
          address: ADDRESS,
          statement: given.statement ?? null,
          uri,
          chainId: String(given.chainId),
          nonce: given.nonce,
          expirationTime: given.expirationTime ?? null,
          notBefore: given.notBefore ?? null,
        });
      }),
    );
  });

  const good = createSiweMessage({
    address: ADDRESS,
    chainId: 1,
    domain: "market.test",
    nonce: "abcdefgh1",
    uri: "http://market.test",
    version: "1",
    statement: "Sign in.",
    issuedAt: new Date(0),
  });

  test.each<[string, string]>([
    ["a line twice", good.replace("\nNonce:", "\nNonce: another12\nNonce:")],
    ["a line that none of it has", good.replace("\nNonce:", "\nBalance: 5\nNonce:")],
    ["another version", good.replace("Version: 1", "Version: 2")],
    ["no nonce", good.replace(/\nNonce: \S+/, "")],
    ["a short nonce", good.replace("abcdefgh1", "short")],
    ["no address", good.replace(ADDRESS, "")],
    ["another kind of account", good.replace("Ethereum", "Bitcoin")],
    ["words before it", `Hello.\n${good}`],
    ["words after it", `${good}\nand give away everything`],
    ["two statements", good.replace("Sign in.", "Sign in.\nOr not.")],
    ["a time that is none", `${good}\nExpiration Time: soon`],
    ["nothing", ""],
  ])("with %s is none", (_, text) => {
    expect(codeOf(good)).toBeNull();
    expect(codeOf(text)).toBe("invalid_request");
  });
});
