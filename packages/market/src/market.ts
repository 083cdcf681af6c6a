import type { EventRecord, Signer } from "@stoa/protocol";
import type { Database } from "@stoa/store";
import { type DatabaseClock, followDatabaseClock } from "./clock/database-clock.ts";
import { EventSource } from "./events/event-source.ts";
import { publishAgent } from "./agents/publish-agent.ts";
import { retireAgent } from "./agents/retire-agent.ts";
import type { MarketContext, MarketTerms } from "./context.ts";
import { type CommittedBatch, Lane } from "./lane/lane.ts";
import { watchReturn } from "./lane/watch-return.ts";
import { applyVaultBlock, vaultCursor } from "./money/apply-vault-block.ts";
import { markDamages } from "./money/mark-damages.ts";
import { markSettlements } from "./money/mark-settlements.ts";
import { holdNode } from "./nodes/hold-node.ts";
import { linkNode } from "./nodes/link-node.ts";
import { markNodeOffline } from "./nodes/mark-node-offline.ts";
import { setHosting } from "./nodes/set-hosting.ts";
import { announcementOf } from "./rounds/announcement-of.ts";
import { closeRound } from "./rounds/close-round.ts";
import { dropAnchors } from "./rounds/drop-anchors.ts";
import { markAnchor } from "./rounds/mark-anchor.ts";
import { closeOpenAuction } from "./open-auctions/close-open-auction.ts";
import { openAuction } from "./open-auctions/open-auction.ts";
import { placeOpenBid } from "./open-auctions/place-open-bid.ts";
import { openReads } from "./reads/open-reads.ts";
import { announce, endAnnouncement } from "./oversight/announce.ts";
import { changeSetting } from "./oversight/change-setting.ts";
import { retrySettlement } from "./oversight/retry-settlement.ts";
import { restoreAgent, suspendAgent } from "./oversight/suspend-agent.ts";
import { restoreNode, suspendNode } from "./oversight/suspend-node.ts";
import { tellNetwork } from "./oversight/tell-network.ts";
import { Openings } from "./rounds/openings.ts";
import { openRound } from "./rounds/open-round.ts";
import { placeSheet } from "./rounds/place-sheet.ts";
import { refuseAward } from "./rounds/refuse-award.ts";
import { replaceAward } from "./rounds/replace-award.ts";
import { assignmentsOf } from "./tasks/assignments-of.ts";
import { tellUnasked } from "./rounds/tell-unasked.ts";
import { cancelTask } from "./tasks/cancel-task.ts";
import { claimTask } from "./tasks/claim-task.ts";
import { deliverResult } from "./tasks/deliver-result.ts";
import { expireTask } from "./tasks/expire-task.ts";
import { failExecution } from "./tasks/fail-execution.ts";
import { logExecution } from "./tasks/log-execution.ts";
import { resetAlarms } from "./tasks/reset-alarms.ts";
import { reportProgress } from "./tasks/report-progress.ts";
import { acceptTask, settleClaimedTask } from "./tasks/settle-task.ts";
import { resumeTask } from "./tasks/resume-task.ts";
import { retryTask } from "./tasks/retry-task.ts";
import { startTask } from "./tasks/start-task.ts";
import { submitTask } from "./tasks/submit-task.ts";
import { closeSubtaskBudget } from "./subtasks/close-subtask-budget.ts";
import { grantSubtasks } from "./subtasks/grant-subtasks.ts";
import { submitSubtask } from "./subtasks/submit-subtask.ts";
import { acceptStep } from "./workflows/accept-step.ts";
import { advanceWorkflow } from "./workflows/advance-workflow.ts";
import { cancelWorkflow } from "./workflows/cancel-workflow.ts";
import { failStep } from "./workflows/fail-step.ts";
import { orderStep } from "./workflows/order-step.ts";
import { submitWorkflow } from "./workflows/submit-workflow.ts";

export interface MarketInit {
  database: Database;
  terms: MarketTerms;
  operator: Signer;
  /** The key that workflows' wallets authorise to order for them; no workflow is taken without one. */
  runner?: Signer | undefined;
  /**
   * The time everything is decided by: the database's, which all server processes share and no host's clock can put
   * wrong, or a test's own, in epoch milliseconds.
   */
  clock?: "database" | (() => number);
  /** Most operations one transaction takes; the lane's own bound by default. */
  maxBatch?: number | undefined;
  /** Most tasks the lane remembers between batches; its own bound by default. */
  remembered?: number | undefined;
  /** Called after every transaction of the lane. */
  onBatch?: ((batch: CommittedBatch) => void) | undefined;
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
  resetAlarms,
  acceptTask,
  claimTask,
  settleClaimedTask,
  assignmentsOf,
  publishAgent,
  retireAgent,
  linkNode,
  holdNode,
  markNodeOffline,
  setHosting,
  openRound,
  announcementOf,
  placeSheet,
  closeRound,
  tellUnasked,
  replaceAward,
  refuseAward,
  openAuction,
  placeOpenBid,
  closeOpenAuction,
  applyVaultBlock,
  vaultCursor,
  markSettlements,
  markDamages,
  markAnchor,
  dropAnchors,
  grantSubtasks,
  submitSubtask,
  closeSubtaskBudget,
  submitWorkflow,
  advanceWorkflow,
  orderStep,
  acceptStep,
  failStep,
  cancelWorkflow,
  suspendAgent,
  restoreAgent,
  suspendNode,
  restoreNode,
  announce,
  endAnnouncement,
  changeSetting,
  retrySettlement,
  tellNetwork,
} as const;

type Bound<UseCase> = UseCase extends (context: MarketContext, ...args: infer Args) => infer Result
  ? (...args: Args) => Result
  : never;

/** Every use case of the market, bound to one database. */
export type Market = { readonly [Name in keyof typeof useCases]: Bound<(typeof useCases)[Name]> } & {
  readonly terms: MarketTerms;
  readonly events: {
    /** Calls `listener` with every event from now on, of whatever process, in the log's order; returns how to stop that. */
    onAppended(listener: (events: readonly EventRecord[]) => void): () => void;
    /**
     * Calls `listener` when something may have happened that was told to nobody: the database is back after it was away,
     * or the telling has only begun. Returns how to stop that.
     */
    onGap(listener: () => void): () => void;
  };
  /** The market's time, epoch milliseconds. */
  now(): number;
  /** Resolves once {@link now} is the database's time. */
  readonly ready: Promise<void>;
  /** Takes nothing new, and resolves when all that waits is written. */
  stop(): Promise<void>;
};

/** Opens the market's use cases over a database that is open and migrated. */
export function openMarket(init: MarketInit): Market {
  const gapListeners = new Set<() => void>();
  const tellGap = () => gapListeners.forEach((listener) => listener());
  const events = new EventSource(init.database, tellGap);
  const returns = watchReturn(init.database, () => {
    events.look();
    tellGap();
  });
  const clock = openClock(init);
  const lane = new Lane({
    database: init.database,
    instant: typeof init.clock === "function" ? init.clock : (databaseTime) => databaseTime,
    clock: clock.now,
    maxBatch: init.maxBatch,
    remembered: init.remembered,
    onBatch: init.onBatch,
    onEvents: (appended) => events.committed(appended),
    onAway: () => returns.away(),
  });
  const context: MarketContext = {
    database: init.database,
    lane,
    openings: new Openings(init.database, "rounds"),
    auctionOpenings: new Openings(init.database, "auctions"),
    reads: openReads(init.database),
    terms: init.terms,
    operator: init.operator,
    runner: init.runner,
    clock: clock.now,
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
    now: clock.now,
    ready: clock.ready,
    events: {
      onAppended: (listener) => events.subscribe(listener),
      onGap(listener) {
        gapListeners.add(listener);
        return () => gapListeners.delete(listener);
      },
    },
    async stop() {
      clock.stop();
      await lane.stop();
      await returns.stop();
      await events.stop();
    },
  };
}

function openClock({ clock, database }: MarketInit): DatabaseClock {
  if (typeof clock !== "function") return followDatabaseClock(database);
  return { now: clock, ready: Promise.resolve(), stop() {} };
}
