import { disputeOf, type DisputePhase, type DisputeStatus } from "@stoa/chain";
import { StoaError } from "@stoa/protocol";
import type { OpenedContracts } from "../contracts/open-contracts.ts";

/**
 * Reads where a dispute stands, and that what is to be done fits there.
 * @throws {StoaError} `not_found` when there is none of that number, `wrong_state` in another phase
 */
export async function requireDispute(
  { chain, at }: OpenedContracts,
  disputeId: bigint,
  ...phases: DisputePhase[]
): Promise<DisputeStatus> {
  const found = await disputeOf(chain, at("court"), disputeId);
  if (found.phase === "none")
    throw new StoaError("not_found", `there is no dispute ${disputeId} on chain ${chain.chainId}`);
  if (phases.length === 0 || phases.includes(found.phase)) return found;
  throw new StoaError(
    "wrong_state",
    `dispute ${disputeId} is ${found.phase}, this can be done while ${phases.join(" or ")}`,
  );
}
