import fc from "fast-check";

/** Everything anybody can do to a market. */
export const moveKinds = [
  "deposit",
  "withdrawRequest",
  "withdrawCancel",
  "withdrawComplete",
  "stake",
  "unstakeRequest",
  "unstakeComplete",
  "submit",
  "submit",
  "submit",
  "submit",
  "resubmit",
  "cancel",
  "expire",
  "round",
  "round",
  "round",
  "start",
  "start",
  "start",
  "start",
  "deliver",
  "deliver",
  "deliver",
  "deliver",
  "accept",
  "fail",
  "fault",
  "claim",
  "claim",
  "chainClaimed",
  "chainClaimed",
  "challenge",
  "rule",
  "settleClaimed",
  "chainSettled",
  "advance",
] as const;

export type MoveKind = (typeof moveKinds)[number];

/** One move; `who` and `what` choose among those there are when it is made. */
export interface Move {
  kind: MoveKind;
  who: number;
  what: number;
  amount: number;
}

const move: fc.Arbitrary<Move> = fc.record({
  kind: fc.constantFrom(...moveKinds),
  who: fc.nat(1_000),
  what: fc.nat(1_000),
  amount: fc.integer({ min: 1, max: 400_000 }),
});

/** Moves made at once, so that they meet in a batch. */
export type Burst = Move[];

export const bursts = (length: number): fc.Arbitrary<Burst[]> =>
  fc.array(fc.array(move, { minLength: 1, maxLength: 8 }), { minLength: length, maxLength: length });
