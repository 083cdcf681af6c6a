/** Steps of a life cycle: submit, award, start, deliver, settle. A queue runs each as a job that queues the next. */
export const STEPS = 5;

/** What a step's job carries. */
export interface StepJob {
  step: number;
  /** As many bytes as a signed order; the award's job carries five bids with it. */
  payload: string;
}

/** One queue doing the nearest thing to life cycles that it can. */
export interface PeerRun {
  /** From the first job queued to the last one finished. */
  elapsedMs: number;
  /** Rows inserted, updated or deleted for each life cycle, as the server counted them. */
  rowsPerLifeCycle: number;
}

/** A queue to measure beside the lane, at its own best batching and the same durability. */
export interface Peer {
  name: string;
  /** @returns null when the queue's server is not on this machine */
  run(lifeCycles: number): Promise<PeerRun | null>;
}

const ORDER_BYTES = 900;
const BID_BYTES = 180;

/** The job of a step. */
export function jobOf(step: number): StepJob {
  return { step, payload: "x".repeat(step === 1 ? ORDER_BYTES + 5 * BID_BYTES : ORDER_BYTES) };
}
