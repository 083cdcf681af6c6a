import { StoaError } from "@stoa/protocol";

/** A side of a dispute, or neither; in the order of the contract's enum. */
export const sides = ["none", "opener", "respondent"] as const;
export type Side = (typeof sides)[number];
/** What an arbitrator can vote for. */
export type Choice = Exclude<Side, "none">;

export function sideNumber(side: Side): number {
  return sides.indexOf(side);
}

export function sideAt(number: number): Side {
  const side = sides[number];
  if (side === undefined) throw new StoaError("internal", `the court has no side ${number}`);
  return side;
}
