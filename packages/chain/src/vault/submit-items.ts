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
type Verdict = "open" | "already" | Omit<Refused, "orderHash">;

/**
 * Checks every item against the block that comes next, then sends those that would pass: in the last block of a quiet
 * chain a claim whose window is over would not be payable yet.
 */
export async function submitItems(
  sender: ChainSender,
  vault: Address,
  items: readonly SettlementEvidence[],
  kind: Kind,
): Promise<Submission> {
  const { chain } = sender;
  const domain = { chainId: chain.chainId, vault };
  const checked = await Promise.all(
    items.map(async (evidence) => {
      const orderHash = hashTyped(domain, "Order", evidence.order);
      const settlement = toSettlement(kind === "claim" ? { ...evidence, acceptanceSignature: null } : evidence);
      return { orderHash, settlement, verdict: await judge(sender, vault, orderHash, settlement, kind) };
    }),
  );
  const open = checked.filter(({ verdict }) => verdict === "open");
  const result: Submission = {
    txHash: null,
    submitted: open.map(({ orderHash }) => orderHash),
    already: checked.filter(({ verdict }) => verdict === "already").map(({ orderHash }) => orderHash),
    refused: checked.flatMap(({ orderHash, verdict }) =>
      typeof verdict === "object" ? [{ orderHash, ...verdict }] : [],
    ),
  };
  if (open.length === 0) return result;
  const data = encodeFunctionData({
    abi: vaultAbi,
    functionName: kind,
    args: [open.map(({ settlement }) => settlement)],
  });
  return { ...result, txHash: await sender.send({ doing: `sending ${open.length} to ${kind}`, to: vault, data }) };
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
