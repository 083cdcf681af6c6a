import { StoaError } from "@stoa/protocol";
import type { AccountsContext } from "../accounts-context.ts";
import { checkMessage } from "./check-message.ts";
import { type NonceUse, takeNonce } from "./nonces.ts";
import { parseMessage } from "./parse-message.ts";
import { verifySignature, type Wallet } from "./verify-signature.ts";

/**
 * The wallet that signed a message written for this market, for this use and now. The nonce is used up first, whatever
 * the signature turns out to be.
 * @param statement what the message must state; anything when absent
 * @throws {StoaError} `unauthorized` naming what differs, `invalid_request` for what is no such message, `chain_unavailable`
 */
export async function proveWallet(
  context: AccountsContext,
  { message: text, signature }: { message: string; signature: `0x${string}` },
  { use, statement }: { use: NonceUse; statement?: string },
): Promise<Wallet> {
  const { database, domain, baseUrl, chainId, verifyEthereum } = context;
  const now = context.now();
  const message = parseMessage(text);
  checkMessage(message, { domain, uri: baseUrl, chainId, now });
  if (statement !== undefined && message.statement !== statement)
    throw new StoaError(
      "unauthorized",
      `the message states ${JSON.stringify(message.statement)}, expected ${statement}`,
    );
  if (!(await takeNonce(database, { nonce: message.nonce, use, now })))
    throw new StoaError("unauthorized", "the message's nonce is unknown, used or expired: ask for a new one");
  const { kind, address } = message;
  const wallet = await verifySignature({ kind, address, message: text, signature }, verifyEthereum);
  if (!wallet) throw new StoaError("unauthorized", "the signature does not match the message's address");
  return wallet;
}
