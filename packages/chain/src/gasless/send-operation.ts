import { type Hash, StoaError } from "@stoa/protocol";
import { formatUserOperationRequest } from "viem/account-abstraction";
import { toChainError } from "../client/to-chain-error.ts";
import { ENTRY_POINT_ADDRESS } from "../deploy/deploy-entry-point.ts";
import type { Operation } from "./operation.ts";
import type { Gasless, OperationQuote } from "./quote-operation.ts";

/**
 * Has a quoted operation sponsored, signs it and hands it to the bundler; does not wait for a block. Its nonce lets it
 * happen once, however often it is sent.
 * @returns its hash
 * @throws {StoaError} `chain_rejected`, `forbidden` or `budget_exhausted` when the bundler or the sponsor refuse
 * @example
 * const receipt = await awaitOperation(gasless, await sendOperation(gasless, quote));
 */
export async function sendOperation(gasless: Gasless, quote: OperationQuote): Promise<Hash> {
  const { account, bundler, sponsor } = gasless;
  const delegated = await withDelegation(gasless, quote.operation);
  const sponsored = sponsor ? { ...delegated, ...(await sponsor.sponsor(delegated)) } : delegated;
  const signature = await account.signUserOperation(sponsored);
  const params = [formatUserOperationRequest({ ...sponsored, signature }), ENTRY_POINT_ADDRESS];
  const answer = await bundler.request({ method: "eth_sendUserOperation", params }).catch((cause: unknown) => {
    throw toChainError(cause, "sending an operation");
  });
  return answer as Hash;
}

/** Signs the delegation that the quote has a stub of. */
async function withDelegation({ account }: Gasless, operation: Operation): Promise<Operation> {
  const { authorization } = operation;
  if (!authorization) return operation;
  const key = account.authorization?.account;
  if (!key) throw new StoaError("internal", `${account.address} has a delegation and no key to sign it`);
  const { address, chainId, nonce } = authorization;
  return { ...operation, authorization: await key.signAuthorization({ address, chainId, nonce }) };
}
