import type { Address } from "@stoa/protocol";
import { claimBatchesAbi } from "../generated/claim-batches.ts";
import type { EventSource } from "../indexer/event-source.ts";
import { decodeClaimBatchesLog } from "./decode-claim-batches-log.ts";
import type { VaultFact } from "./vault-record.ts";

/** The events of the contract whose batches of claims a vault pays, for the index. */
export function claimBatchesSource(address: Address, vault: Address, fromBlock: number): EventSource<VaultFact> {
  return { address, abi: claimBatchesAbi, fromBlock, decode: (log) => decodeClaimBatchesLog(vault, log) };
}
