import { StoaError } from "@stoa/protocol";
import {
  type AccessList,
  keccak256,
  parseTransaction,
  type SignedAuthorizationList,
  type TransactionSerializedEIP7702,
} from "viem";
import { toChainError } from "../client/to-chain-error.ts";
import { cheaperAccessList } from "./access-list.ts";
import { currentFees, type Fees } from "./fees.ts";
import { type AccountState, readAccountState } from "./look-at-intent.ts";
import type { SenderContext } from "./sender-context.ts";
import { newestOf, type SentIntent, type SignedTransaction } from "./sent-intent.ts";

/** A simulation sees the state before the block: the margin covers what other transactions change. */
const GAS_MARGIN_PERCENT = 130n;
const NONCE_ATTEMPTS = 50;

export type IntentBody = Pick<SentIntent, "to" | "data" | "value" | "doing"> & {
  /** Wallets' delegations that come into force with it. */
  authorizations?: SignedAuthorizationList | undefined;
};

/** What another transaction of an intent is made of: its delegations are known by those before. */
export function bodyOf(intent: SentIntent): IntentBody {
  const { raw } = newestOf(intent);
  if (!raw.startsWith("0x04")) return intent;
  const { authorizationList } = parseTransaction(raw as TransactionSerializedEIP7702);
  return { ...intent, authorizations: authorizationList };
}

/**
 * Signs an intent's transaction under the next free nonce and has it written down: anew under the next one, when
 * another process took that meanwhile.
 * @throws {StoaError} `chain_rejected` when it would revert; nothing is written down then
 */
export async function signUnderFreeNonce<Answer extends string>(
  context: SenderContext,
  body: IntentBody,
  writeDown: (transaction: SignedTransaction) => Promise<Answer>,
): Promise<{ answer: Exclude<Answer, "nonce taken">; transaction: SignedTransaction }> {
  const { chain, signer } = context;
  try {
    const [estimate, fees] = await Promise.all([estimateGas(context, body), currentFees(chain, context.maxFeePerGas)]);
    const accessList = body.authorizations ? undefined : await cheaperAccessList(chain, signer.address, body, estimate);
    // Enough without the list too: what replaces it has none.
    const gas = (estimate * GAS_MARGIN_PERCENT) / 100n;
    for (let attempt = 1; attempt <= NONCE_ATTEMPTS; attempt += 1) {
      const account = await readAccountState(chain, signer.address);
      const nonce = freeNonce(account, await context.journal.listOpen());
      const transaction = await signTransaction(context, body, {
        nonce,
        gas,
        fees,
        accessList,
        afterBlock: account.head,
      });
      const answer = await writeDown(transaction);
      if (answer !== "nonce taken") return { answer: answer as Exclude<Answer, "nonce taken">, transaction };
    }
  } catch (cause) {
    throw toChainError(cause, body.doing);
  }
  throw new StoaError("chain_unavailable", `${body.doing}: other processes took ${NONCE_ATTEMPTS} nonces before it`);
}

/** The first nonce that no transaction has which the node knows, nor an open intent of ours. */
export function freeNonce({ waiting }: AccountState, open: readonly SentIntent[]): number {
  const ours = new Set(open.map((intent) => newestOf(intent).nonce));
  let nonce = waiting;
  while (ours.has(nonce)) nonce += 1;
  return nonce;
}

function estimateGas(
  { chain, signer }: SenderContext,
  { to, data, value, authorizations }: IntentBody,
): Promise<bigint> {
  return chain.client.estimateGas({
    account: signer.address,
    data,
    value: BigInt(value),
    ...(to === null ? {} : { to }),
    ...(authorizations ? { authorizationList: authorizations } : {}),
    blockTag: "pending",
  });
}

export async function signTransaction(
  { chain, signer }: SenderContext,
  { to, data, value, authorizations }: IntentBody,
  terms: { nonce: number; gas: bigint; fees: Fees; afterBlock: number; accessList?: AccessList | undefined },
): Promise<SignedTransaction> {
  const { nonce, gas, fees, afterBlock, accessList } = terms;
  const content = {
    chainId: chain.chainId,
    nonce,
    data,
    value: BigInt(value),
    ...(to === null ? {} : { to }),
    gas,
    ...fees,
    ...(accessList ? { accessList } : {}),
  };
  const raw = await signer.signTransaction(
    authorizations
      ? { ...content, type: "eip7702", authorizationList: authorizations }
      : { ...content, type: "eip1559" },
  );
  return { hash: keccak256(raw), nonce, raw, signedAt: Date.now(), afterBlock };
}
