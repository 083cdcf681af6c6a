import { encodeFunctionData, type Hex, parseEventLogs, zeroAddress } from "viem";
import { type Address, type Hash, StoaError } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { escrowAbi } from "../generated/escrow.ts";
import { approve } from "../token/approve.ts";

export interface EscrowTerms {
  requester: Address;
  provider: Address;
  /** The provider's node whose stake answers for the work; null where none does. */
  node: Address | null;
  token: Address;
  /** What is set aside: the price, and the fee on top; {@link escrowAmountFor} a price. */
  amount: bigint;
  taskHash: Hash;
  /** Epoch milliseconds, in whole seconds, until which the provider must deliver. */
  deliverBy: number;
  /** Seconds from the delivery in which the requester may dispute. */
  approvalWindow: number;
  /** Who judges a delivery in the requester's place; null where nobody does. */
  verifier: { address: Address; condition: Hex } | null;
}

/**
 * Sets the money of one task aside, from the sender's wallet, who need not be the requester.
 * @throws {StoaError} `chain_rejected` when the terms bind nobody, or new escrows are paused
 */
export async function fundEscrow(
  sender: ChainSender,
  { escrow, terms }: { escrow: Address; terms: EscrowTerms },
): Promise<{ escrowId: bigint; txHash: Hash }> {
  await approve(sender, { token: terms.token, spender: escrow, amount: terms.amount });
  const data = encodeFunctionData({ abi: escrowAbi, functionName: "fund", args: [encode(terms)] });
  const doing = `setting ${terms.amount} aside for ${terms.provider}`;
  const { logs, transactionHash } = await sendAndWait(sender, { doing, to: escrow, data });
  const [funded] = parseEventLogs({ abi: escrowAbi, eventName: "Funded", logs });
  if (!funded) throw new StoaError("internal", `${doing}: ${transactionHash} funded none`);
  return { escrowId: funded.args.escrowId, txHash: transactionHash };
}

function encode({ node, verifier, deliverBy, approvalWindow, ...terms }: EscrowTerms) {
  return {
    ...terms,
    node: node ?? zeroAddress,
    deliverBy: BigInt(deliverBy / 1_000),
    approvalWindow: BigInt(approvalWindow),
    verifier: verifier?.address ?? zeroAddress,
    condition: verifier?.condition ?? "0x",
  };
}
