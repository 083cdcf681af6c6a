import { randomBytes } from "node:crypto";
import { type Hash, StoaError } from "@stoa/protocol";
import { bytesToBigInt, type Hex, hexToBigInt, keccak256, slice, toHex } from "viem";
import { awaitTransaction } from "../client/await-transaction.ts";
import type { ChainSender, TransactionRequest } from "../client/chain-sender.ts";
import { pause } from "../client/pause.ts";
import { awaitOperation } from "./await-operation.ts";
import { type Gasless, quoteOperation } from "./quote-operation.ts";
import { sendOperation } from "./send-operation.ts";

const KEY_BYTES = 24;

/**
 * Sends what a {@link ChainSender} sends, as operations of an account: all that this package does with a sender, a wallet
 * without ether does with this one. A hash that it returns is the operation's; {@link ChainSender.wait} gives the
 * receipt of the transaction that carried it.
 *
 * A request with an occasion has a nonce of its own that content and occasion give, so it happens once, whichever
 * process asks for it and however often. The others are told apart by chance, and wait for no other.
 * @example
 * const sender = gaslessSender({ chain, account: await walletAccount(chain, key), bundler, sponsor });
 * await deposit(sender, { vault, token, amount });
 */
export function gaslessSender(gasless: Gasless): ChainSender {
  const { chain, account } = gasless;
  const open = new Map<Hash, readonly string[]>();

  async function send(request: TransactionRequest): Promise<Hash> {
    const { to, data, value = 0n, doing, subjects = [], onSigned } = request;
    if (!to) throw new StoaError("invalid_request", `${doing}: accounts deploy nothing`);
    const quote = await quoteOperation(gasless, [{ to, data, value }], nonceKeyOf(request));
    const sequence = quote.operation.nonce & 0xffff_ffff_ffff_ffffn;
    if (request.occasion !== undefined && sequence > 0n) {
      throw new StoaError("chain_rejected", `${doing}: it was done before, on the occasion ${request.occasion}`);
    }
    const hash = await sendOperation(gasless, quote);
    open.set(hash, subjects);
    await onSigned?.(hash, Number(sequence));
    return hash;
  }

  return {
    chain,
    address: account.address,
    isSponsored: gasless.sponsor !== undefined,
    send,
    async wait(operationHash, options = {}) {
      const { txHash } = await awaitOperation(gasless, operationHash, options).catch((error: unknown) => {
        if (error instanceof StoaError && error.code === "chain_rejected") open.delete(operationHash);
        throw error;
      });
      open.delete(operationHash);
      return awaitTransaction(chain, txHash, options);
    },
    inFlight: async () => new Map([...open].flatMap(([hash, subjects]) => subjects.map((of) => [of, hash] as const))),
    // The bundler sees to them.
    tend: ({ signal }) => pause(2 ** 31 - 1, signal),
  };
}

function nonceKeyOf({ to, data, value = 0n, occasion }: TransactionRequest): bigint {
  if (occasion === undefined) return bytesToBigInt(randomBytes(KEY_BYTES));
  const parts: Hex = toHex(JSON.stringify([to?.toLowerCase(), data.toLowerCase(), value.toString(), occasion]));
  return hexToBigInt(slice(keccak256(parts), 0, KEY_BYTES));
}
