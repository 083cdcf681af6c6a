import { encodeFunctionData } from "viem";
import { type Address, type Hash, hashTyped, StoaError } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import type { Chain } from "../client/connect-chain.ts";
import { toChainError } from "../client/to-chain-error.ts";
import { vaultAbi } from "../generated/vault.ts";
import { orderStatus } from "./order-status.ts";
import { type Settlement, type SettlementEvidence, toSettlement } from "./to-settlement.ts";

/** What became of each item of a batch, by order hash. */
export interface Submission {
  /** The batch's transaction, broadcast but not yet in a block; null when nothing was left to send. */
  txHash: Hash | null;
  submitted: Hash[];
  /** What the batch would do was done before. */
  already: Hash[];
  /** Sent before, and not final yet. */
  inFlight: { orderHash: Hash; txHash: Hash }[];
  /** The vault would refuse them as things stand. */
  refused: Refused[];
}

export interface Refused {
  orderHash: Hash;
  reason: string;
  /** The name of the contract's error; null when the chain gave none. */
  error: string | null;
}

type Kind = "settle" | "claim";
type Verdict = "open" | "already" | { txHash: Hash } | Omit<Refused, "orderHash">;

/**
 * Checks every item against the block that comes next, then sends those that would pass: in the last block of a quiet
 * chain a claim whose window is over would not be payable yet. What this sender has in flight is left to it.
 */
export async function submitItems(
  sender: ChainSender,
  vault: Address,
  items: readonly SettlementEvidence[],
  kind: Kind,
): Promise<Submission> {
  const { chain } = sender;
  const domain = { chainId: chain.chainId, vault };
  const inFlight = await sender.inFlight();
  const checked = await Promise.all(
    items.map(async (evidence) => {
      const orderHash = hashTyped(domain, "Order", evidence.order);
      const settlement = toSettlement(kind === "claim" ? { ...evidence, acceptanceSignature: null } : evidence);
      const txHash = inFlight.get(subjectOf(kind, orderHash));
      const verdict = txHash ? { txHash } : await judge(sender, vault, orderHash, settlement, kind);
      return { orderHash, settlement, verdict };
    }),
  );
  const open = checked.filter(({ verdict }) => verdict === "open");
  const result: Submission = {
    txHash: null,
    submitted: open.map(({ orderHash }) => orderHash),
    already: checked.filter(({ verdict }) => verdict === "already").map(({ orderHash }) => orderHash),
    inFlight: checked.flatMap(({ orderHash, verdict }) =>
      typeof verdict === "object" && "txHash" in verdict ? [{ orderHash, ...verdict }] : [],
    ),
    refused: checked.flatMap(({ orderHash, verdict }) =>
      typeof verdict === "object" && "reason" in verdict ? [{ orderHash, ...verdict }] : [],
    ),
  };
  if (open.length === 0) return result;
  const data = encodeFunctionData({
    abi: vaultAbi,
    functionName: kind,
    args: [open.map(({ settlement }) => settlement)],
  });
  const subjects = open.map(({ orderHash }) => subjectOf(kind, orderHash));
  const request = { doing: `sending ${open.length} to ${kind}`, to: vault, data, subjects };
  return { ...result, txHash: await sender.send(request) };
}

function subjectOf(kind: Kind, orderHash: Hash): string {
  return `${kind} ${orderHash}`;
}

async function judge(
  sender: ChainSender,
  vault: Address,
  orderHash: Hash,
  settlement: Settlement,
  kind: Kind,
): Promise<Verdict> {
  const { state } = await orderStatus(sender.chain, vault, orderHash, "pending");
  if (state === "settled" || (kind === "claim" && state !== "none")) return "already";
  try {
    await simulate(sender.chain, sender.address, vault, settlement, kind);
    return "open";
  } catch (error) {
    if (error instanceof StoaError && error.code === "chain_rejected") {
      const name = error.details?.["error"];
      return { reason: error.message, error: typeof name === "string" ? name : null };
    }
    throw error;
  }
}

async function simulate(
  chain: Chain,
  account: Address,
  address: Address,
  settlement: Settlement,
  kind: Kind,
): Promise<void> {
  const functionName = kind === "settle" ? "settleOne" : "claimOne";
  try {
    await chain.client.simulateContract({
      address,
      abi: vaultAbi,
      functionName,
      args: [settlement],
      account,
      blockTag: "pending",
    });
  } catch (cause) {
    throw toChainError(cause, functionName);
  }
}
