import { encodeFunctionData, type Hex } from "viem";
import { type Address, type Hash, hashTyped } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { vaultAbi } from "../generated/vault.ts";
import { judgeItem, type Verdict } from "./judge-item.ts";
import type { SettlementEvidence } from "./to-settlement.ts";

/** What became of each item of a batch, by order hash. */
export interface Submission {
  /** In a transaction that is broadcast but not yet in a block. */
  submitted: SubmittedOrder[];
  /** What the batch would do was done before. */
  already: Hash[];
  /** Sent before, and not final yet. */
  inFlight: SubmittedOrder[];
  /** The vault would refuse them as things stand. */
  refused: Refused[];
}

export interface SubmittedOrder {
  orderHash: Hash;
  txHash: Hash;
}

export interface Refused {
  orderHash: Hash;
  reason: string;
  /** The name of the contract's error; null when the chain gave none. */
  error: string | null;
}

export function emptySubmission(): Submission {
  return { submitted: [], already: [], inFlight: [], refused: [] };
}

type Kind = "settle" | "claim";
type Judged = Verdict & { orderHash: Hash; token: Address };
type Sent = { orderHash: Hash; state: "sent"; txHash: Hash };

/**
 * Checks every item against the block that comes next, then sends those that would pass: what can go the short way in
 * one transaction, the rest in another. What this sender has in flight is left to it.
 */
export async function submitItems(
  sender: ChainSender,
  vault: Address,
  items: readonly SettlementEvidence[],
  kind: Kind,
): Promise<Submission> {
  const domain = { chainId: sender.chain.chainId, vault };
  const underWay = await sender.inFlight();
  const judged = await Promise.all(
    items.map(async (evidence): Promise<Judged | Sent> => {
      const orderHash = hashTyped(domain, "Order", evidence.order);
      const txHash = underWay.get(subjectOf(kind, orderHash));
      if (txHash) return { orderHash, state: "sent", txHash };
      return { orderHash, token: evidence.order.token, ...(await judgeItem(sender, vault, evidence, kind)) };
    }),
  );
  const submission: Submission = {
    submitted: [],
    already: judged.flatMap(({ state, orderHash }) => (state === "already" ? [orderHash] : [])),
    inFlight: judged.flatMap((item) =>
      item.state === "sent" ? [{ orderHash: item.orderHash, txHash: item.txHash }] : [],
    ),
    refused: judged.flatMap((item) =>
      item.state === "refused" ? [{ orderHash: item.orderHash, reason: item.reason, error: item.error }] : [],
    ),
  };
  for (const { orderHashes, data } of batchesOf(judged, kind)) {
    const subjects = orderHashes.map((orderHash) => subjectOf(kind, orderHash));
    const txHash = await sender.send({ doing: `sending ${subjects.length} to ${kind}`, to: vault, data, subjects });
    submission.submitted.push(...orderHashes.map((orderHash) => ({ orderHash, txHash })));
  }
  return submission;
}

interface Batch {
  orderHashes: Hash[];
  data: Hex;
}

function batchesOf(judged: readonly (Judged | Sent)[], kind: Kind): Batch[] {
  const long = judged.filter((item) => item.state === "long");
  const short = Map.groupBy(
    judged.filter((item) => item.state === "short"),
    ({ token }) => token,
  );
  const hashesOf = (items: readonly { orderHash: Hash }[]) => items.map(({ orderHash }) => orderHash);
  const batches = [...short].map(([token, items]) => ({
    orderHashes: hashesOf(items),
    data: encodeFunctionData({
      abi: vaultAbi,
      functionName: "settleAccepted",
      args: [token, items.map(({ item }) => item), "0x"],
    }),
  }));
  if (long.length === 0) return batches;
  const data = encodeFunctionData({ abi: vaultAbi, functionName: kind, args: [long.map(({ item }) => item)] });
  return [...batches, { orderHashes: hashesOf(long), data }];
}

function subjectOf(kind: Kind, orderHash: Hash): string {
  return `${kind} ${orderHash}`;
}
