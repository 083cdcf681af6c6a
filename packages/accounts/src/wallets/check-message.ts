import { StoaError } from "@stoa/protocol";
import type { SignInMessage } from "./parse-message.ts";

/** What a sign-in message must name. */
export interface ExpectedMessage {
  domain: string;
  uri: string;
  chainId: number;
  /** Epoch milliseconds. */
  now: number;
}

/**
 * Checks that a message was written for this market and now; the signature and the nonce are checked after.
 * @throws {StoaError} `unauthorized` naming the field that differs
 */
export function checkMessage(message: SignInMessage, expected: ExpectedMessage): void {
  const { kind, domain, uri, chainId, expirationTime, notBefore } = message;
  if (domain !== expected.domain) refuse("domain", domain, expected.domain);
  if (!URL.canParse(uri) || new URL(uri).origin !== new URL(expected.uri).origin) refuse("uri", uri, expected.uri);
  // The market is on one chain of Ethereum's kind; on which of the others a wallet lives is all the same.
  if (kind === "ethereum" && chainId !== String(expected.chainId))
    refuse("chain id", String(chainId), String(expected.chainId));
  if (expirationTime && expirationTime.getTime() <= expected.now)
    throw new StoaError("unauthorized", `the message expired at ${expirationTime.toISOString()}`);
  if (notBefore && notBefore.getTime() > expected.now)
    throw new StoaError("unauthorized", `the message is not valid before ${notBefore.toISOString()}`);
}

function refuse(field: string, actual: string, expected: string): never {
  throw new StoaError("unauthorized", `the message's ${field} is ${actual}, expected ${expected}`);
}
