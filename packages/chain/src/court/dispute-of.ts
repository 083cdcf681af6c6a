import { type Address, StoaError } from "@stoa/protocol";
import type { Chain } from "../client/connect-chain.ts";
import { readContract } from "../client/read-contract.ts";
import { courtAbi } from "../generated/court.ts";
import { type Side, sideAt } from "./sides.ts";

const phases = [
  "none",
  "matching",
  "evidence",
  "drawing",
  "accepting",
  "committing",
  "revealing",
  "appealing",
  "closed",
] as const;
export type DisputePhase = (typeof phases)[number];

/** Where a dispute stands. */
export interface DisputeStatus {
  phase: DisputePhase;
  /** Epoch milliseconds from which anyone may advance it; while drawing, the draw decides, and closed it has no end. */
  phaseEndsAt: number | null;
  round: number;
  /** Of the round's panel. */
  seats: number;
  filled: number;
  subject: Address;
  subjectId: bigint;
  opener: Address;
  respondent: Address;
  /** What the respondent keeps by each side's offer, in basis points. */
  offers: { opener: number; respondent: number };
  /** Who must match a bond, while matching. */
  owing: Side;
  /** What the last panel decided. */
  verdict: Side;
  /** Whose offer the ruling is; null until it is closed. */
  winner: Side | null;
  /** Whether the subject has taken the ruling. */
  executed: boolean;
}

/** Reads where a dispute and its newest round stand. */
export async function disputeOf(chain: Chain, court: Address, disputeId: bigint): Promise<DisputeStatus> {
  const call = { address: court, abi: courtAbi } as const;
  const found = await readContract(chain, { ...call, functionName: "disputeOf", args: [disputeId] });
  const args = [disputeId, BigInt(found.round)] as const;
  const round = await readContract(chain, { ...call, functionName: "roundOf", args });
  const phase = phases[found.phase];
  if (phase === undefined) throw new StoaError("internal", `the court has no phase ${found.phase}`);
  const isTimed = phase !== "none" && phase !== "drawing" && phase !== "closed";
  return {
    phase,
    phaseEndsAt: isTimed ? Number(found.phaseEndsAt) * 1_000 : null,
    round: found.round,
    seats: round.seats,
    filled: round.filled,
    subject: found.subject,
    subjectId: found.subjectId,
    opener: found.opener,
    respondent: found.respondent,
    offers: { opener: found.openerBps, respondent: found.respondentBps },
    owing: sideAt(found.owing),
    verdict: sideAt(found.verdict),
    winner: phase === "closed" ? sideAt(found.winner) : null,
    executed: found.executed,
  };
}
