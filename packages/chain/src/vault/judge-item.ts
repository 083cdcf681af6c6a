import { type Address, StoaError } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { readContract } from "../client/read-contract.ts";
import { toChainError } from "../client/to-chain-error.ts";
import { vaultAbi } from "../generated/vault.ts";
import { orderStatus } from "./order-status.ts";
import { type AcceptedOrder, toAcceptedOrder } from "./to-accepted-order.ts";
import { type SettlementItem, type SettlementEvidence, toSettlement } from "./to-settlement.ts";

/** How an item would do in the block that comes next. */
export type Verdict =
  | { state: "short"; item: AcceptedOrder }
  | { state: "long"; item: SettlementItem }
  | { state: "already" }
  | { state: "refused"; reason: string; error: string | null };

/** The vault's `Refusal` by its numbers: none, and the one that says that it is settled. */
const [NONE, SPENT] = [0, 6];

/**
 * Asks the vault what would become of an item in the next block: in the last one of a quiet chain a claim whose window
 * is over would not be payable yet. Only the operator settles the short way, which takes its word from its submission.
 * @throws {StoaError} `chain_unavailable`
 */
export async function judgeItem(
  sender: ChainSender,
  vault: Address,
  evidence: SettlementEvidence,
  kind: "settle" | "claim",
): Promise<Verdict> {
  const short = kind === "settle" && sender.address === evidence.order.operator ? toAcceptedOrder(evidence) : null;
  if (short) {
    const refusal = await refusalOf(sender, vault, evidence.order.token, short);
    if (refusal === NONE) return { state: "short", item: short };
    if (refusal === SPENT) return { state: "already" };
  }
  return judgeLong(sender, vault, evidence, kind);
}

function refusalOf({ chain }: ChainSender, vault: Address, token: Address, item: AcceptedOrder): Promise<number> {
  const call = { address: vault, abi: vaultAbi, functionName: "refusalOf", blockTag: "pending" } as const;
  return readContract(chain, { ...call, args: [token, item] });
}

async function judgeLong(
  sender: ChainSender,
  vault: Address,
  evidence: SettlementEvidence,
  kind: "settle" | "claim",
): Promise<Verdict> {
  const { state } = await orderStatus(sender.chain, vault, evidence.order, "pending");
  if (state === "settled" || (kind === "claim" && state !== "none")) return { state: "already" };
  const item = toSettlement(kind === "claim" ? { ...evidence, acceptanceSignature: null } : evidence);
  try {
    await simulate(sender, vault, item, kind);
    return { state: "long", item };
  } catch (error) {
    if (!(error instanceof StoaError) || error.code !== "chain_rejected") throw error;
    const name = error.details?.["error"];
    return { state: "refused", reason: error.message, error: typeof name === "string" ? name : null };
  }
}

async function simulate(
  { chain, address: account }: ChainSender,
  address: Address,
  item: SettlementItem,
  kind: "settle" | "claim",
): Promise<void> {
  const functionName = kind === "settle" ? "settleOne" : "claimOne";
  const call = { address, abi: vaultAbi, functionName, args: [item], account, blockTag: "pending" } as const;
  await chain.client.simulateContract(call).catch((cause: unknown) => {
    throw toChainError(cause, functionName);
  });
}
