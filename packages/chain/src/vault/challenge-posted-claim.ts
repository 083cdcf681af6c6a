import { type Address, type Hash, StoaError } from "@stoa/protocol";
import { encodeFunctionData } from "viem";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { claimBatchesAbi } from "../generated/claim-batches.ts";
import { claimBatchesOf } from "./claim-batches-of.ts";
import { claimTree } from "./claim-tree.ts";
import { findPostedClaims } from "./find-posted-claims.ts";

/**
 * Challenges the posted claim on the sender's order, with a bond from its account: by what the chain's logs tell of it.
 * @param since epoch seconds: the order is not older
 * @throws {StoaError} `not_found` when no batch claims the order
 */
export async function challengePostedClaim(
  sender: ChainSender,
  { vault, orderHash, since }: { vault: Address; orderHash: Hash; since: number },
): Promise<Hash> {
  const { chain } = sender;
  const batch = (await findPostedClaims(chain, vault, { orderHashes: [orderHash], since })).get(orderHash);
  if (!batch) throw new StoaError("not_found", `no batch of claims has ${orderHash}`);
  const { root, token, claims } = batch;
  const place = claims.findIndex((claim) => claim.orderHash === orderHash);
  const { proof } = claimTree(vault, token, claims).prove([place]);
  const data = encodeFunctionData({
    abi: claimBatchesAbi,
    functionName: "challenge",
    args: [root, vault, token, claims[place]!, proof],
  });
  const to = await claimBatchesOf(chain, vault);
  const receipt = await sendAndWait(sender, { doing: `challenging ${orderHash}`, to, data });
  return receipt.transactionHash;
}
