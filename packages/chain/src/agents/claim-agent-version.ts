import type { Address, Hash } from "@stoa/protocol";
import { stringToHex } from "viem";
import type { ChainSender } from "../client/chain-sender.ts";
import { setAgentMetadata } from "./set-agent-metadata.ts";

/**
 * Says that a published version is the agent's, so that who orders it can rate the agent. It counts only for awards
 * that name the agent's owner or wallet as their creator.
 * @param terms.label such as the manifest's version; not empty
 */
export function claimAgentVersion(
  sender: ChainSender,
  { registry, agentId, version, label }: { registry: Address; agentId: bigint; version: Hash; label: string },
): Promise<Hash> {
  return setAgentMetadata(sender, { registry, agentId, key: `agentVersion/${version}`, value: stringToHex(label) });
}
