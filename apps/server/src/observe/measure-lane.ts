import type { CommittedBatch } from "@stoa/market";
import { Counter, Histogram, type Registry } from "prom-client";

/** Measures the lane's transactions. */
export function measureLane(registry: Registry): (batch: CommittedBatch) => void {
  const registers = [registry];
  const seconds = new Histogram({
    name: "stoa_lane_batch_seconds",
    help: "Time of a transaction of the lane, from its turn to its commit.",
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5],
    registers,
  });
  const operations = new Counter({
    name: "stoa_lane_operations_total",
    help: "Operations that the lane's transactions took.",
    registers,
  });
  return (batch) => {
    seconds.observe(batch.ms / 1_000);
    operations.inc(batch.operations);
  };
}
