import { encodeFunctionData } from "viem";
import type { Address, Hash } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import { sendAndWait } from "../client/send-and-wait.ts";
import { nodesAbi } from "../generated/nodes.ts";
import type { SignedConsent } from "./sign-consent.ts";

/**
 * Registers a node as the sender's, by the node's own consent; it counts as the node's first heartbeat.
 * @param given.slots executions it offers to run at once
 * @throws {StoaError} `chain_rejected` when it is registered already, or the consent is another provider's or too old
 */
export async function registerNode(
  sender: ChainSender,
  { nodes, slots, signed }: { nodes: Address; slots: number; signed: SignedConsent },
): Promise<Hash> {
  const { node, expiresAt } = signed.consent;
  const data = encodeFunctionData({
    abi: nodesAbi,
    functionName: "register",
    args: [node, slots, expiresAt, signed.signature],
  });
  const receipt = await sendAndWait(sender, { doing: `registering ${node}`, to: nodes, data });
  return receipt.transactionHash;
}
