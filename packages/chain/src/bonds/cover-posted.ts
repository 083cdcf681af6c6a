import { encodeFunctionData } from "viem";
import { type Address, type Hash, StoaError } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { operatorBondsAbi } from "../generated/operator-bonds.ts";
import { claimTree } from "../vault/claim-tree.ts";
import type { PostedBatch } from "../vault/find-posted-claims.ts";
import type { SignedHold } from "./cover-order.ts";

/**
 * Pays a posted claim that is payable and whose requester is short: the operator's bond adds what lacks, in the same
 * transaction. Anyone may send it.
 * @param given.batch the claim's batch, as `findPostedClaims` finds it
 * @throws {StoaError} `not_found` when the order has no claim in the batch; `chain_rejected` with the contract's reason
 */
export async function coverPosted(
  sender: ChainSender,
  given: { bonds: Address; vault: Address; batch: PostedBatch; orderHash: Hash; hold: SignedHold },
): Promise<Hash> {
  const { bonds, vault, batch, orderHash, hold } = given;
  const { root, token, claims } = batch;
  const place = claims.findIndex((claim) => claim.orderHash === orderHash);
  const claim = claims[place];
  if (!claim) throw new StoaError("not_found", `the batch ${root} has no claim on the order ${orderHash}`);
  const { proof } = claimTree(vault, token, claims).prove([place]);
  const data = encodeFunctionData({
    abi: operatorBondsAbi,
    functionName: "coverPosted",
    args: [{ root, token, claim, proof }, hold.cumulativeHeld, hold.signature],
  });
  const receipt = await sendAndWait(sender, { doing: "covering a claim from the bond", to: bonds, data });
  return receipt.transactionHash;
}
