import type { Address, Hash } from "@stoa/protocol";
import { encodeFunctionData } from "viem";
import type { ChainSender } from "../client/chain-sender.ts";
import { readContract } from "../client/read-contract.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { claimBatchesAbi } from "../generated/claim-batches.ts";
import { vaultAbi } from "../generated/vault.ts";
import { claimBatchesOf } from "./claim-batches-of.ts";
import { claimTree } from "./claim-tree.ts";
import { findPostedClaims } from "./find-posted-claims.ts";
import { vaultParameters } from "./vault-parameters.ts";

/**
 * Challenges the claim on the sender's order, with a bond from its account: the claim alone, or the one in a batch, whose
 * proof is made of what the chain's logs tell.
 */
export async function challengeClaim(
  sender: ChainSender,
  { vault, orderHash }: { vault: Address; orderHash: Hash },
): Promise<Hash> {
  const { chain } = sender;
  const call = { address: vault, abi: vaultAbi } as const;
  const { state } = await readContract(chain, { ...call, functionName: "claimOf", args: [orderHash] });
  const request =
    (state === 0 ? await challengeOfPosted(sender, vault, orderHash) : undefined) ??
    ({ to: vault, data: encodeFunctionData({ abi: vaultAbi, functionName: "challenge", args: [orderHash] }) } as const);
  const receipt = await sendAndWait(sender, { doing: `challenging ${orderHash}`, ...request });
  return receipt.transactionHash;
}

async function challengeOfPosted({ chain }: ChainSender, vault: Address, orderHash: Hash) {
  const { challengeWindow } = await vaultParameters(chain, vault);
  const { timestamp } = await chain.client.getBlock();
  // What was posted earlier can be challenged no more.
  const since = Number(timestamp) - challengeWindow;
  const batch = (await findPostedClaims(chain, vault, { orderHashes: [orderHash], since })).get(orderHash);
  if (!batch) return undefined;
  const { root, token, claims } = batch;
  const place = claims.findIndex((claim) => claim.orderHash === orderHash);
  const { proof } = claimTree(vault, token, claims).prove([place]);
  const args = [root, vault, token, claims[place]!, proof] as const;
  const data = encodeFunctionData({ abi: claimBatchesAbi, functionName: "challenge", args });
  return { to: await claimBatchesOf(chain, vault), data };
}
