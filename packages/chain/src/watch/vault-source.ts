import type { Address } from "@stoa/protocol";
import { vaultAbi } from "../generated/vault.ts";
import type { EventSource } from "../indexer/event-source.ts";
import { decodeVaultLog } from "./decode-vault-log.ts";
import type { VaultFact } from "./vault-record.ts";

/** A vault's events, for the index. */
export function vaultSource(vault: Address, fromBlock: number): EventSource<VaultFact> {
  return { address: vault, abi: vaultAbi, fromBlock, decode: decodeVaultLog };
}
