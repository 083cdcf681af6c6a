import { escrowOf, type EscrowStatus } from "@stoa/chain";
import { StoaError } from "@stoa/protocol";
import type { OpenedContracts } from "../contracts/open-contracts.ts";

/** @throws {StoaError} `not_found` when there is no escrow of that number */
export async function requireEscrow({ chain, at }: OpenedContracts, escrowId: bigint): Promise<EscrowStatus> {
  const found = await escrowOf(chain, at("escrow"), escrowId);
  if (found) return found;
  throw new StoaError("not_found", `there is no escrow ${escrowId} on chain ${chain.chainId}: see stoa escrow list`);
}
