export { appendEvents, EVENTS_CHANNEL, placeEvents } from "./batch/append-events.ts";
export { holdLane } from "./batch/hold-lane.ts";
export type { LaneTurn } from "./batch/hold-lane.ts";
export { insertAlarms } from "./batch/insert-alarms.ts";
export type { Alarm } from "./batch/insert-alarms.ts";
export { loadAwards } from "./batch/load-awards.ts";
export { loadBalances } from "./batch/load-balances.ts";
export { insertLogs } from "./batch/insert-logs.ts";
export type { LogRecord } from "./batch/insert-logs.ts";
export { insertSheets } from "./batch/insert-sheets.ts";
export type { SheetRecord } from "./batch/insert-sheets.ts";
export { loadLogBytes } from "./batch/load-log-bytes.ts";
export { loadLogKeys } from "./batch/load-log-keys.ts";
export type { LogKey } from "./batch/load-log-keys.ts";
export { loadRounds } from "./batch/load-rounds.ts";
export type { RoundStatus } from "./batch/load-rounds.ts";
export { loadSessionSpending } from "./batch/load-session-spending.ts";
export type { SessionId } from "./batch/load-session-spending.ts";
export { loadSheetRoots } from "./batch/load-sheet-roots.ts";
export type { SheetKey } from "./batch/load-sheet-roots.ts";
export { loadNonces } from "./batch/load-nonces.ts";
export type { OrderNonce } from "./batch/load-nonces.ts";
export { loadSettlements } from "./batch/load-settlements.ts";
export { loadTasks } from "./batch/load-tasks.ts";
export { sendStatements } from "./batch/statement.ts";
export type { Statement } from "./batch/statement.ts";
export { insertAwards, updateAwards } from "./batch/write-awards.ts";
export { writePostings } from "./batch/write-postings.ts";
export { writeSessionSpending } from "./batch/write-session-spending.ts";
export type { SessionChange } from "./batch/write-session-spending.ts";
export { insertSettlements, updateSettlements } from "./batch/write-settlements.ts";
export { insertTasks, updateTasks } from "./batch/write-tasks.ts";
export { insertBudgetTask, insertWorkflow, updateWorkflow } from "./batch/write-workflows.ts";
export type { Database, Queryable } from "./database/database.ts";
export { kyselyOf } from "./database/kysely.ts";
export { migrate } from "./database/migrate.ts";
export type { ArchiveObjects } from "./archive/archive-objects.ts";
export { listArchives } from "./archive/archive-record.ts";
export type { ArchiveRecord, ArchiveState } from "./archive/archive-record.ts";
export { findArchivedLog, listArchivedEntries, listArchivedLogs } from "./archive/archived-ranges.ts";
export type { ArchivedRange } from "./archive/archived-ranges.ts";
export { checkArchive } from "./archive/check-archive.ts";
export { findBlocker } from "./archive/find-blocker.ts";
export { holdArchives } from "./archive/hold-archives.ts";
export { readManifest } from "./archive/manifest.ts";
export type { ArchiveManifest } from "./archive/manifest.ts";
export { readParts } from "./archive/read-parts.ts";
export { restorePartition } from "./archive/restore-partition.ts";
export { runArchive } from "./archive/run-archive.ts";
export type { ArchiveOutcome } from "./archive/run-archive.ts";
export { listPartitions } from "./partitions/list-partitions.ts";
export type { Partition } from "./partitions/list-partitions.ts";
export { ensurePartitions } from "./partitions/ensure-partitions.ts";
export type { Span } from "./partitions/spans.ts";
export { openDatabase } from "./database/open-database.ts";
export { writeDamages } from "./batch/write-damages.ts";
export type {
  AwardRecord,
  AwardState,
  DamagesRecord,
  SettlementRecord,
  TaskOutcome,
  TaskRecord,
  WireSession,
} from "./records.ts";
export {
  appendChainBlocks,
  followChainSources,
  listChainBlocks,
  listChainEvents,
  rewindChain,
} from "./queries/chain-index.ts";
export type { ChainBlockRow, ChainEventRow } from "./queries/chain-index.ts";
export { claimIdempotencyKey } from "./queries/claim-idempotency-key.ts";
export { countUnaskedNodes } from "./queries/count-unasked-nodes.ts";
export type { UnaskedFilter } from "./queries/count-unasked-nodes.ts";
export { listCapabilities } from "./queries/list-capabilities.ts";
export { offersCapability } from "./queries/offers-capability.ts";
export { listRecentPrices } from "./queries/list-recent-prices.ts";
export { listWaitingCapabilities } from "./queries/list-waiting-capabilities.ts";
export { isPublishedArtifact } from "./queries/is-published-artifact.ts";
export { findAnchor } from "./queries/find-anchor.ts";
export type { AnchorRow } from "./queries/find-anchor.ts";
export { findRecord } from "./queries/find-record.ts";
export type { RecordRow } from "./queries/find-record.ts";
export { findRequesters } from "./queries/find-requesters.ts";
export { dropSpentAlarms } from "./queries/drop-spent-alarms.ts";
export { listDueTasks } from "./queries/list-due-tasks.ts";
export type { DueTask } from "./queries/list-due-tasks.ts";
export { findTask } from "./queries/find-task.ts";
export { findTaskIds } from "./queries/find-task-ids.ts";
export { listAgentRecords, updateAgentRecords } from "./queries/agent-records.ts";
export type { AgentRecordRow } from "./queries/agent-records.ts";
export {
  findAgentVectors,
  insertAgentVectors,
  lastAgentVector,
  listAgentVectors,
  VECTORS_CHANNEL,
} from "./queries/agent-vectors.ts";
export type { AgentVector } from "./queries/agent-vectors.ts";
export { findNearest, findNearestOf, insertPgvectors, preparePgvector } from "./queries/pgvector.ts";
export type { NearestRow } from "./queries/pgvector.ts";
export { listUnembedded } from "./queries/list-unembedded.ts";
export type { UnembeddedFilter } from "./queries/list-unembedded.ts";
export { findNewestAgents, listNewestAgents } from "./queries/list-newest-agents.ts";
export type { NewestAgentRow } from "./queries/list-newest-agents.ts";
export { findAgent, findAgents, listAgents } from "./queries/list-agents.ts";
export type { AgentFilter, AgentRow } from "./queries/list-agents.ts";
export { listAwardsOfRound, listAwardsOfTask } from "./queries/list-awards.ts";
export { listChain } from "./queries/list-chain.ts";
export type { ChainFilter, ChainRow } from "./queries/list-chain.ts";
export { listDueDamages } from "./queries/list-due-damages.ts";
export type { DueDamages } from "./queries/list-due-damages.ts";
export { REFUSED_FOR_DAYS } from "./queries/refused-until.ts";
export { listDueSettlements } from "./queries/list-due-settlements.ts";
export { marketLoad } from "./queries/market-load.ts";
export type { MarketLoad } from "./queries/market-load.ts";
export type { DueSettlement } from "./queries/list-due-settlements.ts";
export { listEntries } from "./queries/list-entries.ts";
export type { EntryRow } from "./queries/list-entries.ts";
export { lastEventSeq, listAllEvents, listEvents } from "./queries/list-events.ts";
export { findWorkflow, findWorkflowIds, listWorkflowSteps } from "./queries/find-workflow.ts";
export { listBudgetTasks } from "./queries/list-budget-tasks.ts";
export type { BudgetTaskRow } from "./queries/list-budget-tasks.ts";
export { listDueWorkflows } from "./queries/list-due-workflows.ts";
export { listLogLines } from "./queries/list-log-lines.ts";
export type { LogRow } from "./queries/list-log-lines.ts";
export { findNode, listNodes } from "./queries/list-nodes.ts";
export type { NodeFilter, NodeRow } from "./queries/list-nodes.ts";
export { findRound, listRounds } from "./queries/list-rounds.ts";
export type { RoundFilter, RoundRow } from "./queries/list-rounds.ts";
export { listTasks } from "./queries/list-tasks.ts";
export type { TaskFilter, TaskRow } from "./queries/list-tasks.ts";
export { findRoundPosition, listUnanchored } from "./queries/list-unanchored.ts";
export type { UnanchoredRow } from "./queries/list-unanchored.ts";
export type { Position } from "./queries/position.ts";
export {
  addSentTransaction,
  beginSentIntent,
  dropFailedIntent,
  findSentIntent,
  listOpenIntents,
  listSentOfNonce,
  settleSentIntent,
} from "./queries/sent-intents.ts";
export type { SendingKey, SentIntentRow } from "./queries/sent-intents.ts";
export { findSmallObjects, insertSmallObjects } from "./queries/small-objects.ts";
export type { SmallObject } from "./queries/small-objects.ts";
export { sumBalances } from "./queries/sum-balances.ts";
export type { AccountBalances } from "./queries/sum-balances.ts";
export { findAuctionRecord } from "./queries/find-auction-record.ts";
export type { AuctionRecordRow } from "./queries/find-auction-record.ts";
export { listAuctionOffers } from "./queries/list-auction-offers.ts";
export type { AuctionOfferRow } from "./queries/list-auction-offers.ts";
export { findAuction, listAuctions } from "./queries/list-auctions.ts";
export type { AuctionFilter, AuctionLead, AuctionRow } from "./queries/list-auctions.ts";
export { listWorkflows } from "./queries/list-workflows.ts";
export type { WorkflowFilter, WorkflowRow } from "./queries/list-workflows.ts";
export { sumSetAside } from "./queries/sum-set-aside.ts";
export type { WorkflowFailure, WorkflowRecord, WorkflowStepRecord } from "./workflow-records.ts";
export { appendAudit } from "./queries/append-audit.ts";
export type { Act } from "./queries/append-audit.ts";
export { listAudit } from "./queries/list-audit.ts";
export { listAnnouncements } from "./queries/list-announcements.ts";
export type { AnnouncementRow } from "./queries/list-announcements.ts";
export { fileReport, listReports, resolveReport } from "./queries/reports.ts";
export type { ReportRow } from "./queries/reports.ts";
export { readSettings } from "./queries/read-settings.ts";
export { listDeadLetters } from "./queries/list-dead-letters.ts";
export type { DeadLetterRow } from "./queries/list-dead-letters.ts";
export { oversightCounts } from "./queries/oversight-counts.ts";
export type { OversightCounts } from "./queries/oversight-counts.ts";
export { networkStats } from "./queries/network-stats.ts";
export { deleteMail, insertMail, listDueMails, putOffMail } from "./queries/mails.ts";
export type { Mail, WaitingMail } from "./queries/mails.ts";
