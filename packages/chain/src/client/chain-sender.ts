import { BaseError, type Hex, keccak256, type LocalAccount } from "viem";
import { type Address, type Hash, StoaError } from "@stoa/protocol";
import type { Chain } from "./connect-chain.ts";
import { pause } from "./pause.ts";
import { toChainError } from "./to-chain-error.ts";

/** Sends one account's transactions, one at a time so that their nonces never collide. */
export interface ChainSender {
  readonly chain: Chain;
  readonly address: Address;
  /**
   * Simulates, signs and broadcasts; does not wait for a block.
   * @throws {StoaError} `chain_rejected` when it would revert; `chain_unavailable` with `details.txHash` when nobody
   * can tell whether the chain took it
   */
  send(request: TransactionRequest): Promise<Hash>;
}

export interface TransactionRequest {
  /** What it does, for errors: "depositing". */
  doing: string;
  /** Absent for a deployment. */
  to?: Address;
  data: Hex;
  /** Called with the transaction's hash before anybody else can know it; again when it must be signed anew. */
  onSigned?: (txHash: Hash, nonce: number) => Promise<void> | void;
}

/** A simulation sees the state before the block: the margin covers what other transactions change. */
const GAS_MARGIN_PERCENT = 130n;
const BROADCAST_ATTEMPTS = 3;
const NONCE_ATTEMPTS = 20;

/**
 * Wraps an account that holds its key locally. One sender per account and process.
 * @example
 * const sender = createSender(chain, privateKeyToAccount(key));
 */
export function createSender(chain: Chain, account: LocalAccount): ChainSender {
  let last: Promise<unknown> = Promise.resolve();
  return {
    chain,
    address: account.address,
    send(request) {
      const sending = last.then(() => sendOne(chain, account, request));
      last = sending.catch(() => undefined);
      return sending;
    },
  };
}

async function sendOne(chain: Chain, account: LocalAccount, request: TransactionRequest): Promise<Hash> {
  for (let attempt = 1; ; attempt += 1) {
    const { serialized, nonce } = await prepare(chain, account, request);
    const txHash = keccak256(serialized);
    await request.onSigned?.(txHash, nonce);
    try {
      await broadcast(chain, serialized, txHash, request.doing);
      return txHash;
    } catch (error) {
      if (attempt >= NONCE_ATTEMPTS || !isNonceTaken(error)) throw error;
    }
  }
}

/** Another process that holds the same key took the nonce meanwhile: this transaction can never be mined. */
function isNonceTaken(error: unknown): boolean {
  const cause = error instanceof StoaError ? error.cause : undefined;
  return cause instanceof BaseError && /nonce too low|replacement transaction underpriced/i.test(cause.message);
}

async function prepare(chain: Chain, account: LocalAccount, { doing, to, data }: TransactionRequest) {
  try {
    const call = { account: account.address, data, ...(to === undefined ? {} : { to }) };
    const [gas, nonce, fees] = await Promise.all([
      chain.client.estimateGas({ ...call, blockTag: "pending" }),
      chain.client.getTransactionCount({ address: account.address, blockTag: "pending" }),
      chain.client.estimateFeesPerGas(),
    ]);
    const serialized = await account.signTransaction({
      type: "eip1559",
      chainId: chain.chainId,
      nonce,
      data,
      ...(to === undefined ? {} : { to }),
      gas: (gas * GAS_MARGIN_PERCENT) / 100n,
      maxFeePerGas: fees.maxFeePerGas,
      maxPriorityFeePerGas: fees.maxPriorityFeePerGas,
    });
    return { serialized, nonce };
  } catch (cause) {
    throw toChainError(cause, doing);
  }
}

/** The same signed bytes go out again after a lost answer: the chain takes them at most once. */
async function broadcast(chain: Chain, serializedTransaction: Hex, txHash: Hash, doing: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await chain.client.sendRawTransaction({ serializedTransaction });
      return;
    } catch (cause) {
      // The transport may have sent it before, and lost only the answer.
      if (await isKnown(chain, txHash)) return;
      const error = toChainError(cause, doing);
      if (error.code !== "chain_unavailable") throw error;
      if (attempt >= BROADCAST_ATTEMPTS) {
        throw new StoaError("chain_unavailable", `${doing}: nobody answered whether the chain took ${txHash}`, {
          cause,
          details: { txHash },
        });
      }
      await pause(200 * 2 ** attempt);
    }
  }
}

async function isKnown(chain: Chain, hash: Hash): Promise<boolean> {
  return chain.client.getTransaction({ hash }).then(
    () => true,
    () => false,
  );
}
