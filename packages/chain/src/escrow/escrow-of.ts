import { isAddressEqual, zeroAddress, zeroHash } from "viem";
import { type Address, type Hash, StoaError } from "@stoa/protocol";
import type { Chain } from "../client/connect-chain.ts";
import { readContract } from "../client/read-contract.ts";
import { escrowAbi } from "../generated/escrow.ts";
import type { EscrowTerms } from "./fund-escrow.ts";

const states = ["none", "funded", "delivered", "held", "released", "refunded", "ruled", "lapsed"] as const;
export type EscrowState = (typeof states)[number];

export interface EscrowStatus {
  state: EscrowState;
  /** The amount is what was received. */
  terms: EscrowTerms;
  /** Rules on it when it is disputed. */
  court: Address;
  /** Basis points, as they were when it was funded. */
  feeBps: number;
  damagesBps: number;
  /** Epoch milliseconds from which anyone may release it; null until it is delivered. */
  approveBy: number | null;
  /** Epoch milliseconds from which it can lapse; null until it is held. */
  lapsesAt: number | null;
  /** Null until it is delivered. */
  resultHash: Hash | null;
}

/** Reads an escrow's terms and where it stands; null when there is none of that number. */
export async function escrowOf(chain: Chain, escrow: Address, escrowId: bigint): Promise<EscrowStatus | null> {
  const call = { address: escrow, abi: escrowAbi, functionName: "escrowOf", args: [escrowId] } as const;
  const [terms, record] = await readContract(chain, call);
  const state = states[record.state];
  if (state === undefined) throw new StoaError("internal", `an escrow has no state ${record.state}`);
  if (state === "none") return null;
  const { node, verifier, condition, deliverBy, approvalWindow, ...kept } = terms;
  return {
    state,
    terms: {
      ...kept,
      node: isAddressEqual(node, zeroAddress) ? null : node,
      deliverBy: milliseconds(deliverBy),
      approvalWindow: Number(approvalWindow),
      verifier: isAddressEqual(verifier, zeroAddress) ? null : { address: verifier, condition },
    },
    court: record.court,
    feeBps: record.feeBps,
    damagesBps: record.damagesBps,
    approveBy: record.approveBy === 0n ? null : milliseconds(record.approveBy),
    lapsesAt: record.lapsesAt === 0n ? null : milliseconds(record.lapsesAt),
    resultHash: record.resultHash === zeroHash ? null : record.resultHash,
  };
}

function milliseconds(seconds: bigint): number {
  return Number(seconds) * 1_000;
}
