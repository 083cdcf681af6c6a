import {
  type AccessList,
  type Hex,
  isAddressEqual,
  isHex,
  numberToHex,
  parseTransaction,
  recoverTransactionAddress,
} from "viem";
import type { TransactionSerializedEIP1559 } from "viem";
import { type Address, StoaError } from "@stoa/protocol";
import type { PlainTransaction, TransactionSigner } from "./transaction-signer.ts";

export interface RemoteSignerOptions {
  url: string;
  address: Address;
  /** Clef calls it `account_signTransaction`; Web3Signer and nodes that hold keys `eth_signTransaction`. */
  method?: "eth_signTransaction" | "account_signTransaction";
  /** Of one request: whoever approves by hand needs a while. */
  timeoutMs?: number;
}

/**
 * A signer behind JSON-RPC, whose key this process never sees. What it returns is checked against what was asked for:
 * it can refuse, but not make this process send anything else.
 * @throws {StoaError} when signing: `signer_unavailable` when it does not answer, `signer_refused` when it says no or
 * signs something else
 */
export function remoteSigner(options: RemoteSignerOptions): TransactionSigner {
  const { url, address, method = "eth_signTransaction", timeoutMs = 60_000 } = options;
  return {
    address,
    async signTransaction(transaction) {
      // Clef and Web3Signer know no such transactions: a bundler that takes delegations holds its own key.
      if (transaction.type === "eip7702") throw refused(url, "signs no transaction with wallets' delegations");
      const result = await call(url, method, [toWire(address, transaction)], timeoutMs);
      const raw = rawOf(result);
      if (raw === null) throw refused(url, `answered no signed transaction: ${JSON.stringify(result)}`);
      await check(url, address, transaction, raw);
      return raw;
    },
  };
}

function toWire(from: Address, { to, data, value, ...rest }: PlainTransaction) {
  return {
    from,
    ...(to === undefined ? {} : { to }),
    data,
    // Clef wants the one name, Web3Signer and geth take either.
    input: data,
    value: numberToHex(value),
    gas: numberToHex(rest.gas),
    nonce: numberToHex(rest.nonce),
    maxFeePerGas: numberToHex(rest.maxFeePerGas),
    maxPriorityFeePerGas: numberToHex(rest.maxPriorityFeePerGas),
    chainId: numberToHex(rest.chainId),
    ...(rest.accessList ? { accessList: rest.accessList } : {}),
    type: "0x2",
  };
}

async function call(url: string, method: string, params: readonly unknown[], timeoutMs: number): Promise<unknown> {
  let answer: { result?: unknown; error?: { message?: string } };
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
      signal: AbortSignal.timeout(timeoutMs),
    });
    answer = (await response.json()) as typeof answer;
  } catch (cause) {
    throw new StoaError("signer_unavailable", `the signer at ${url} does not answer`, { cause });
  }
  if (answer.error) throw refused(url, answer.error.message ?? "refused without a reason");
  return answer.result;
}

/** Web3Signer answers the bytes, clef and geth an object that has them. */
function rawOf(result: unknown): Hex | null {
  const raw = typeof result === "object" && result !== null ? (result as { raw?: unknown }).raw : result;
  return isHex(raw) ? raw : null;
}

const SIGNED = ["chainId", "nonce", "to", "data", "value", "gas", "maxFeePerGas", "maxPriorityFeePerGas"] as const;
/** What the encoding leaves out. */
const ABSENT: Record<string, string> = { to: "nobody", data: "0x" };

async function check(url: string, address: Address, asked: PlainTransaction, raw: Hex): Promise<void> {
  const serializedTransaction = raw as TransactionSerializedEIP1559;
  let got: ReturnType<typeof parseTransaction<TransactionSerializedEIP1559>>;
  let signedBy: Address;
  try {
    got = parseTransaction(serializedTransaction);
    signedBy = await recoverTransactionAddress({ serializedTransaction });
  } catch (cause) {
    throw refused(url, "answered what is no signed EIP-1559 transaction", cause);
  }
  if (!isAddressEqual(signedBy, address)) throw refused(url, `signed as ${signedBy}, expected ${address}`);
  if (got.accessList?.length && flatten(got.accessList) !== flatten(asked.accessList))
    throw refused(url, "signed another access list than it was asked to");
  for (const name of SIGNED) {
    const [wanted, found] = [asked, got].map((from) => String(from[name] ?? ABSENT[name] ?? 0).toLowerCase());
    if (wanted !== found) throw refused(url, `signed ${name} ${found}, asked for ${wanted}`);
  }
}

/** A signer may leave the list out: it is there to save gas. */
function flatten(list: AccessList = []): string {
  return JSON.stringify(list.map(({ address, storageKeys }) => [address, ...storageKeys])).toLowerCase();
}

function refused(url: string, why: string, cause?: unknown): StoaError {
  return new StoaError("signer_refused", `the signer at ${url} ${why}`, { cause });
}
