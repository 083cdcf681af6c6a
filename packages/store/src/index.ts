export { appendEvents } from "./batch/append-events.ts";
export { holdLane } from "./batch/hold-lane.ts";
export { loadAwards } from "./batch/load-awards.ts";
export { loadBalances } from "./batch/load-balances.ts";
export { loadNonces } from "./batch/load-nonces.ts";
export type { OrderNonce } from "./batch/load-nonces.ts";
export { loadSettlements } from "./batch/load-settlements.ts";
export { loadTasks } from "./batch/load-tasks.ts";
export { writeAwards } from "./batch/write-awards.ts";
export { writePostings } from "./batch/write-postings.ts";
export { writeSettlements } from "./batch/write-settlements.ts";
export { insertTasks, updateTasks } from "./batch/write-tasks.ts";
export type { Database, Queryable } from "./database/database.ts";
export { kyselyOf } from "./database/kysely.ts";
export { migrate } from "./database/migrate.ts";
export { openDatabase } from "./database/open-database.ts";
export { writeDamages } from "./batch/write-damages.ts";
export type {
  AwardRecord,
  AwardState,
  DamagesRecord,
  SettlementRecord,
  TaskOutcome,
  TaskRecord,
  UnservedReason,
  WireSession,
} from "./records.ts";
