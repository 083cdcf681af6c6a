import type { Manifest } from "@stoa/protocol";

/** Guess for an agent that has not run here yet. */
const FIRST_GUESS_MS = 5_000;
/** Weight of the newest execution in the running average. */
const NEWEST = 0.2;
/** A node promises this many times what it expects, so that an ordinary hiccup breaks no promise. */
const PROMISE_FACTOR = 3;

export interface Durations {
  /** How long an execution is likely to take, in milliseconds; at most the agent's time limit. */
  expectedMs(versionId: string, limits: Manifest["limits"]): number;
  record(versionId: string, wallMs: number): void;
}

/** Learns how long each agent version takes on this node. */
export function createDurations(): Durations {
  const averages = new Map<string, number>();
  return {
    expectedMs: (versionId, limits) => Math.min(averages.get(versionId) ?? FIRST_GUESS_MS, limits.timeMs),
    record(versionId, wallMs) {
      const before = averages.get(versionId);
      averages.set(versionId, before === undefined ? wallMs : before + NEWEST * (wallMs - before));
    },
  };
}

/** Whole seconds a node promises for an execution it expects to take `expectedMs`: at least one, at most the agent's limit. */
export function promisedSeconds(expectedMs: number, timeLimitMs: number): number {
  return Math.max(1, Math.ceil(Math.min(expectedMs * PROMISE_FACTOR, timeLimitMs) / 1_000));
}
