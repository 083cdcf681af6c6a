import { type Address, type Hash, hashTyped, type Order, StoaError, ZERO_HASH } from "@stoa/protocol";
import { decodeFunctionData, type Hex, parseEventLogs } from "viem";
import type { Chain } from "../client/connect-chain.ts";
import { toChainError } from "../client/to-chain-error.ts";
import { claimBatchesAbi } from "../generated/claim-batches.ts";
import { vaultAbi } from "../generated/vault.ts";

/** The awards one settlement paid, as the vault's `arePaid` takes them, and where among them an order's stands. */
export interface PaidWith {
  paidWith: Hash[];
  place: number;
}

/**
 * Reads from the transaction that settled an order what else it paid: the vault keeps no more of a settlement than the
 * hash of this list.
 * @throws {StoaError} `not_found` when the transaction settled no such order, or settled it through another contract
 */
export async function paidWith(
  chain: Chain,
  vault: Address,
  { order, awardHash, txHash }: { order: Order; awardHash: Hash; txHash: Hash },
): Promise<PaidWith> {
  const domain = { chainId: chain.chainId, vault };
  const orderHash = hashTyped(domain, "Order", order);
  const [transaction, receipt] = await Promise.all([
    chain.client.getTransaction({ hash: txHash }),
    chain.client.getTransactionReceipt({ hash: txHash }),
  ]).catch((cause: unknown) => {
    throw toChainError(cause, `reading the settlement ${txHash}`);
  });
  const settled = parseEventLogs({
    abi: vaultAbi,
    logs: receipt.logs,
    eventName: ["AcceptedSettled", "ClaimSettled", "Settled"],
  });
  const own = settled.find(({ args }) => args.orderHash === orderHash);
  if (own?.eventName === "Settled") return { paidWith: [awardHash], place: 0 };
  const paid = new Set(settled.flatMap(({ eventName, args }) => (eventName === "Settled" ? [] : [args.orderHash])));
  const claimed = own?.eventName === "ClaimSettled";
  const list = claimed
    ? claimedIn(transaction.input, paid)
    : own
      ? awardsIn(transaction.input, domain, order, paid)
      : [];
  const place = list.indexOf(awardHash);
  if (place < 0) throw new StoaError("not_found", `${txHash} is not the settlement of ${orderHash} by ${awardHash}`);
  return { paidWith: list, place };
}

/** Each item's award, in order; zero for one that was skipped. */
function awardsIn(
  input: Hex,
  domain: { chainId: number; vault: Address },
  { operator }: Order,
  paid: ReadonlySet<Hash>,
): Hash[] {
  const call = decodeFunctionData({ abi: vaultAbi, data: input });
  if (call.functionName !== "settleAccepted") return [];
  const [token, items] = call.args;
  return items.map((item) => {
    const orderHash = hashTyped(domain, "Order", { ...item, operator, token });
    return paid.has(orderHash) ? hashTyped(domain, "Award", { ...item, orderHash }) : ZERO_HASH;
  });
}

/** The same of a batch of claims. */
function claimedIn(input: Hex, paid: ReadonlySet<Hash>): Hash[] {
  const call = decodeFunctionData({ abi: claimBatchesAbi, data: input });
  if (call.functionName !== "settle") return [];
  const [, , , claims] = call.args;
  return claims.map(({ orderHash, awardHash }) => (paid.has(orderHash) ? awardHash : ZERO_HASH));
}
