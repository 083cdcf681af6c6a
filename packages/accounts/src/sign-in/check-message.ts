import { StoaError } from "@stoa/protocol";
import { parseSiweMessage } from "viem/siwe";

/** What a sign-in message must name. */
export interface ExpectedMessage {
  domain: string;
  uri: string;
  chainId: number;
  /** Epoch milliseconds. */
  now: number;
}

/**
 * Checks that an EIP-4361 message was written for this market and now; the signature and the nonce are checked after.
 * @throws {StoaError} `invalid_request` for a message without its required fields, `unauthorized` naming the field that differs
 */
export function checkMessage(text: string, expected: ExpectedMessage): void {
  const message = parseSiweMessage(text);
  const { address, domain, uri, chainId, nonce, version } = message;
  if (!address || !domain || !uri || !chainId || !nonce || version !== "1") {
    throw new StoaError(
      "invalid_request",
      "the message is not an EIP-4361 message with domain, address, uri, version 1, chain id and nonce",
    );
  }
  if (domain !== expected.domain) refuse("domain", domain, expected.domain);
  if (!URL.canParse(uri) || new URL(uri).origin !== new URL(expected.uri).origin) refuse("uri", uri, expected.uri);
  if (chainId !== expected.chainId) refuse("chain id", String(chainId), String(expected.chainId));
  const { expirationTime, notBefore } = message;
  if (expirationTime && expirationTime.getTime() <= expected.now) {
    throw new StoaError("unauthorized", `the message expired at ${expirationTime.toISOString()}`);
  }
  if (notBefore && notBefore.getTime() > expected.now) {
    throw new StoaError("unauthorized", `the message is not valid before ${notBefore.toISOString()}`);
  }
}

function refuse(field: string, actual: string, expected: string): never {
  throw new StoaError("unauthorized", `the message's ${field} is ${actual}, expected ${expected}`);
}
