import type { EventRecord, Signer } from "@stoa/protocol";
import type { Database } from "@stoa/store";
import { publishAgent } from "./agents/publish-agent.ts";
import { retireAgent } from "./agents/retire-agent.ts";
import type { MarketContext, MarketTerms } from "./context.ts";
import { Lane } from "./lane/lane.ts";
import { watchReturn } from "./lane/watch-return.ts";
import { applyVaultBlock, vaultCursor } from "./money/apply-vault-block.ts";
import { markDamages } from "./money/mark-damages.ts";
import { markSettlements } from "./money/mark-settlements.ts";
import { linkNode } from "./nodes/link-node.ts";
import { markNodeOffline } from "./nodes/mark-node-offline.ts";
import { setHosting } from "./nodes/set-hosting.ts";
import { closeRound } from "./rounds/close-round.ts";
import { openReads } from "./reads/open-reads.ts";
import { Openings } from "./rounds/openings.ts";
import { openRound } from "./rounds/open-round.ts";
import { placeSheet } from "./rounds/place-sheet.ts";
import { refuseAward } from "./rounds/refuse-award.ts";
import { replaceAward } from "./rounds/replace-award.ts";
import { assignmentOf } from "./tasks/assignment-of.ts";
import { cancelTask } from "./tasks/cancel-task.ts";
import { claimTask } from "./tasks/claim-task.ts";
import { deliverResult } from "./tasks/deliver-result.ts";
import { expireTask } from "./tasks/expire-task.ts";
import { failExecution } from "./tasks/fail-execution.ts";
import { logExecution } from "./tasks/log-execution.ts";
import { reportProgress } from "./tasks/report-progress.ts";
import { acceptTask, settleClaimedTask } from "./tasks/settle-task.ts";
import { resumeTask } from "./tasks/resume-task.ts";
import { retryTask } from "./tasks/retry-task.ts";
import { startTask } from "./tasks/start-task.ts";
import { submitTask } from "./tasks/submit-task.ts";

export interface MarketInit {
  database: Database;
  terms: MarketTerms;
  operator: Signer;
  /** Epoch milliseconds; the system's clock by default. */
  clock?: () => number;
  /** Most operations one transaction takes; the lane's own bound by default. */
  maxBatch?: number | undefined;
}

const useCases = {
  submitTask,
  cancelTask,
  expireTask,
  resumeTask,
  retryTask,
  startTask,
  deliverResult,
  failExecution,
  logExecution,
  reportProgress,
  acceptTask,
  claimTask,
  settleClaimedTask,
  assignmentOf,
  publishAgent,
  retireAgent,
  linkNode,
  markNodeOffline,
  setHosting,
  openRound,
  placeSheet,
  closeRound,
  replaceAward,
  refuseAward,
  applyVaultBlock,
  vaultCursor,
  markSettlements,
  markDamages,
} as const;

type Bound<UseCase> = UseCase extends (context: MarketContext, ...args: infer Args) => infer Result
  ? (...args: Args) => Result
  : never;

/** Every use case of the market, bound to one database. */
export type Market = { readonly [Name in keyof typeof useCases]: Bound<(typeof useCases)[Name]> } & {
  readonly terms: MarketTerms;
  readonly events: {
    /** Calls `listener` with the events of every commit of this process, in order; returns how to stop that. */
    onAppended(listener: (events: readonly EventRecord[]) => void): () => void;
    /**
     * Calls `listener` when the database is back after it was away: commits may have happened meanwhile whose events
     * were told to nobody. Returns how to stop that.
     */
    onGap(listener: () => void): () => void;
  };
  /** Takes nothing new, and resolves when all that waits is written. */
  stop(): Promise<void>;
};

/** Opens the market's use cases over a database that is open and migrated. */
export function openMarket(init: MarketInit): Market {
  const listeners = new Set<(events: readonly EventRecord[]) => void>();
  const gapListeners = new Set<() => void>();
  const returns = watchReturn(init.database, () => gapListeners.forEach((listener) => listener()));
  const clock = init.clock ?? Date.now;
  const lane = new Lane({
    database: init.database,
    clock,
    maxBatch: init.maxBatch,
    onEvents: (events) => listeners.forEach((listener) => listener(events)),
    onAway: () => returns.away(),
  });
  const context: MarketContext = {
    database: init.database,
    lane,
    openings: new Openings(init.database),
    reads: openReads(init.database),
    terms: init.terms,
    operator: init.operator,
    clock,
  };
  const bound = Object.fromEntries(
    Object.entries(useCases).map(([name, useCase]) => [
      name,
      (useCase as (...args: unknown[]) => unknown).bind(undefined, context),
    ]),
  );
  return {
    ...(bound as { [Name in keyof typeof useCases]: Bound<(typeof useCases)[Name]> }),
    terms: init.terms,
    events: {
      onAppended(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      onGap(listener) {
        gapListeners.add(listener);
        return () => gapListeners.delete(listener);
      },
    },
    async stop() {
      await lane.stop();
      await returns.stop();
    },
  };
}
