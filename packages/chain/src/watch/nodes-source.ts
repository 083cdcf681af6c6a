import type { Address } from "@stoa/protocol";
import { nodesAbi } from "../generated/nodes.ts";
import type { EventSource } from "../indexer/event-source.ts";
import { decodeNodesLog } from "./decode-nodes-log.ts";
import type { VaultFact } from "./vault-record.ts";

/** The events of a vault's contract of nodes, for the index. */
export function nodesSource(nodes: Address, fromBlock: number): EventSource<VaultFact> {
  return { address: nodes, abi: nodesAbi, fromBlock, decode: decodeNodesLog };
}
