import { encodeFunctionData } from "viem";
import type { Address, Hash } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { operatorBondsAbi } from "../generated/operator-bonds.ts";
import { type SettlementEvidence, toSettlement } from "../vault/to-settlement.ts";
import type { SignedHold } from "./cover-order.ts";

/**
 * Claims on the operator's bond for a result that a short requester did not accept; {@link payBondClaim} pays it once the
 * order's `settleBy` and the challenge window have passed. Anyone may send it.
 * @throws {StoaError} `chain_rejected` with the contract's reason, or the vault's for what it would not let be claimed
 */
export async function claimOnBond(
  sender: ChainSender,
  { bonds, evidence, hold }: { bonds: Address; evidence: SettlementEvidence; hold: SignedHold },
): Promise<Hash> {
  const data = encodeFunctionData({
    abi: operatorBondsAbi,
    functionName: "claim",
    args: [toSettlement(evidence), hold.cumulativeHeld, hold.signature],
  });
  const receipt = await sendAndWait(sender, { doing: "claiming on the operator's bond", to: bonds, data });
  return receipt.transactionHash;
}
