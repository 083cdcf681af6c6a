import { StoaError, type WalletKind } from "@stoa/protocol";

/** A sign-in message: EIP-4361, and what CAIP-122 makes of it for other chains' accounts. */
export interface SignInMessage {
  kind: WalletKind;
  domain: string;
  address: string;
  statement: string | null;
  uri: string;
  chainId: string | null;
  nonce: string;
  expirationTime: Date | null;
  notBefore: Date | null;
}

const KINDS: Readonly<Record<string, WalletKind>> = {
  Ethereum: "ethereum",
  Solana: "solana",
  Substrate: "substrate",
  Polkadot: "substrate",
};

/** Every line in its place, and nothing else: what a wallet shows is what is read here. */
const MESSAGE = new RegExp(
  [
    "^(?:[a-z][a-z0-9+.-]*://)?(?<domain>[^\\s/?#]+) wants you to sign in with your (?<kind>[A-Z][a-z]+) account:\\n",
    "(?<address>[0-9A-Za-z]{20,100})\\n",
    "(?:\\n(?<statement>[^\\n]+)\\n)?\\n?",
    "\\nURI: (?<uri>\\S+)",
    "\\nVersion: 1",
    "(?:\\nChain ID: (?<chainId>\\S+))?",
    "\\nNonce: (?<nonce>[0-9A-Za-z]{8,250})",
    "(?:\\nIssued At: (?<issuedAt>\\S+))?",
    "(?:\\nExpiration Time: (?<expirationTime>\\S+))?",
    "(?:\\nNot Before: (?<notBefore>\\S+))?",
    "(?:\\nRequest ID: [^\\n]*)?",
    "(?:\\nResources:(?:\\n- [^\\n]*)*)?$",
  ].join(""),
);

/** @throws {StoaError} `invalid_request` when the text is no sign-in message, or lacks a line that must be there */
export function parseMessage(text: string): SignInMessage {
  const { groups } = MESSAGE.exec(text) ?? {};
  const kind = KINDS[groups?.["kind"] ?? ""];
  if (!groups || !kind)
    throw new StoaError(
      "invalid_request",
      "the message is not an EIP-4361 message, or its like for Solana or Substrate, with domain, address, uri, version 1 and nonce",
    );
  const { domain = "", address = "", statement, uri = "", chainId, nonce = "", expirationTime, notBefore } = groups;
  return {
    kind,
    domain,
    address,
    statement: statement ?? null,
    uri,
    chainId: chainId ?? null,
    nonce,
    expirationTime: instant(expirationTime),
    notBefore: instant(notBefore),
  };
}

/** An instant that cannot be read is not one that never comes. */
function instant(text: string | undefined): Date | null {
  if (text === undefined) return null;
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) throw new StoaError("invalid_request", `the message's time ${text} is none`);
  return date;
}
