import { type Database, marketLoad } from "@stoa/store";
import type { Logger } from "pino";
import { Gauge, type Registry } from "prom-client";

const STATES = ["pending", "submitted", "claimed", "skipped"] as const;

/** Counts what the market has under way whenever the metrics are read; nothing is told of it while the database is away. */
export function measureLoad(registry: Registry, database: Database, log: Logger): void {
  let reading: Promise<void> | undefined;
  // The gauges are collected side by side, and share one query.
  const collect = () => (reading ??= read().finally(() => (reading = undefined)));
  const of = { registers: [registry], collect };
  const waiting = new Gauge({ name: "stoa_tasks_waiting", help: "Tasks open for bids.", ...of });
  const running = new Gauge({ name: "stoa_executions_running", help: "Awards that nodes work on.", ...of });
  const settlements = new Gauge({
    name: "stoa_settlements_unconfirmed",
    help: "Settlements the chain has not confirmed, by state; skipped ones were refused.",
    labelNames: ["state"],
    ...of,
  });
  const age = new Gauge({
    name: "stoa_settlement_wait_seconds",
    help: "For how long the settlement that was never sent waits the longest.",
    ...of,
  });

  async function read(): Promise<void> {
    try {
      const load = await marketLoad(database);
      waiting.set(load.waitingTasks);
      running.set(load.busyExecutions);
      for (const state of STATES) settlements.set({ state }, load.settlements[state] ?? 0);
      age.set(load.pendingSince === null ? 0 : Math.max(0, Date.now() - load.pendingSince) / 1_000);
    } catch (error) {
      log.debug({ err: error }, "the market's load could not be read");
      for (const gauge of [waiting, running, settlements, age]) gauge.reset();
    }
  }
}
