/** What a deterministic agent is held to, as its sandbox process is told. */
export interface Determinism {
  /** About one an instruction; an execution that needs more fails. */
  fuel: number;
  /** What its random numbers begin with, beside its input. */
  seed: string;
}

/** Names under which a metered module exports what is left of its fuel, and the slots its calls take of the stack. */
export const FUEL_EXPORT = "stoa:fuel";
export const DEPTH_EXPORT = "stoa:depth";

/**
 * Slots of eight bytes all calls may take together: four fifths of the stack V8 gives, so that a module meets this limit,
 * which is the same everywhere, and never the machine's.
 */
export const MAX_STACK_SLOTS = 100_000;
