import { encodeFunctionData } from "viem";
import type { Address, Hash, Signature } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { operatorBondsAbi } from "../generated/operator-bonds.ts";
import { type SettlementEvidence, toSettlement } from "../vault/to-settlement.ts";

/** The operator's signed word that a requester's money does for an order. */
export interface SignedHold {
  cumulativeHeld: bigint;
  signature: Signature;
}

/**
 * Settles an accepted order whose requester is short: the operator's bond adds what lacks, in the same transaction. Anyone
 * may send it.
 * @throws {StoaError} `chain_rejected` with the contract's reason, such as NothingShort, BondTooSmall or NotHeld
 */
export async function coverOrder(
  sender: ChainSender,
  { bonds, evidence, hold }: { bonds: Address; evidence: SettlementEvidence; hold: SignedHold },
): Promise<Hash> {
  const data = encodeFunctionData({
    abi: operatorBondsAbi,
    functionName: "cover",
    args: [toSettlement(evidence), hold.cumulativeHeld, hold.signature],
  });
  const receipt = await sendAndWait(sender, { doing: "covering an order from the bond", to: bonds, data });
  return receipt.transactionHash;
}
