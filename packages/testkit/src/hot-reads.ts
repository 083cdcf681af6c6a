import type { AgentVersionId } from "@stoa/protocol";
import type { Database } from "@stoa/store";
import * as store from "@stoa/store";
import type { FilledMarket } from "./fill-market.ts";

const DAY_MS = 86_400_000;

/** A read of the hot paths, by the function that the market itself calls. */
export interface HotRead {
  name: string;
  run: (database: Database, market: FilledMarket) => Promise<unknown>;
  /** Rows it may look at, where that is more than a few pages': it grows with what is under way, or with one node. */
  rows?: number;
  /** Tables it may read through within those rows: what is over does not stay in them. */
  readThrough?: readonly string[];
}

const page = { limit: 51 };
const past = (days: number) => ({ at: Date.now() - days * DAY_MS, id: `0x${"8".repeat(64)}` });

/** What is under way is read as a whole, with the alarms of what was settled before they went off. */
const underWay = { rows: 12_000, readThrough: ["alarms"] };

/** Every read that a request, an effect or a batch of the lane makes of tables that grow. */
export const hotReads: readonly HotRead[] = [
  // The lane's
  { name: "loadTasks", run: (db, m) => db.transaction((tx) => store.loadTasks(tx, [m.settledTask, m.runningTask])) },
  { name: "loadNonces", run: (db, m) => store.loadNonces(db, [{ requester: m.busyRequester, nonce: "5000" }]) },
  { name: "loadSessionSpending", run: (db, m) => store.loadSessionSpending(db, [m.session]) },
  { name: "loadAwards", run: (db, m) => store.loadAwards(db, [m.award]) },
  { name: "loadSettlements", run: (db, m) => store.loadSettlements(db, [m.settledTask]) },
  { name: "loadRounds", run: (db, m) => store.loadRounds(db, [m.round, m.openRound]) },
  { name: "loadSheetRoots", run: (db, m) => store.loadSheetRoots(db, [{ roundId: m.round, node: m.node }]) },
  {
    name: "loadLogKeys",
    run: (db, m) => store.loadLogKeys(db, [{ taskId: m.settledTask, executionId: "e0e0e0e0", firstSeq: 0 }]),
  },
  { name: "loadLogBytes", run: (db, m) => store.loadLogBytes(db, [m.runningTask]) },
  { name: "loadBalances", run: (db, m) => store.loadBalances(db, [`available:${m.requester}`]) },
  // Requests'
  { name: "findTask", run: (db, m) => store.findTask(db, m.settledTask) },
  { name: "findTaskIds", run: (db, m) => store.findTaskIds(db, m.settledTask.slice(0, 12)) },
  { name: "listAwardsOfTask", run: (db, m) => store.listAwardsOfTask(db, m.settledTask) },
  { name: "listAwardsOfRound", run: (db, m) => store.listAwardsOfRound(db, m.round) },
  { name: "listLogLines", run: (db, m) => store.listLogLines(db, m.settledTask) },
  { name: "listTasks", run: (db) => store.listTasks(db, page) },
  { name: "listTasks, a later page", run: (db) => store.listTasks(db, { ...page, after: past(100) }) },
  {
    name: "listTasks of a busy requester",
    run: (db, m) => store.listTasks(db, { ...page, requester: m.busyRequester }),
  },
  {
    name: "listTasks of a requester, a later page",
    run: (db, m) => store.listTasks(db, { ...page, requester: m.requester, after: past(200) }),
  },
  { name: "listTasks of a capability", run: (db, m) => store.listTasks(db, { ...page, capability: m.capability }) },
  {
    name: "listTasks of a rare capability",
    run: (db, m) => store.listTasks(db, { ...page, capability: m.rareCapability }),
  },
  { name: "listTasks that are settled", run: (db) => store.listTasks(db, { ...page, state: "settled" }), rows: 5_000 },
  { name: "listTasks that are open", run: (db) => store.listTasks(db, { ...page, state: "open" }) },
  {
    name: "listTasks of a capability that are open",
    run: (db, m) => store.listTasks(db, { ...page, state: "open", capability: m.capability }),
  },
  { name: "listTasks that run", run: (db) => store.listTasks(db, { ...page, state: "running" }), ...underWay },
  {
    name: "listTasks that were delivered",
    run: (db) => store.listTasks(db, { ...page, state: "delivered" }),
    ...underWay,
  },
  { name: "listTasks that failed", run: (db) => store.listTasks(db, { ...page, state: "failed" }) },
  {
    name: "listTasks of a requester that run",
    run: (db, m) => store.listTasks(db, { ...page, requester: m.requester, state: "running" }),
    ...underWay,
  },
  { name: "listRounds", run: (db) => store.listRounds(db, page) },
  { name: "listRounds of a capability", run: (db, m) => store.listRounds(db, { ...page, capability: m.capability }) },
  { name: "listRounds that are open", run: (db) => store.listRounds(db, { ...page, state: "open" }) },
  { name: "listRounds, a later page", run: (db) => store.listRounds(db, { ...page, after: past(100) }) },
  { name: "findRound", run: (db, m) => store.findRound(db, m.round) },
  { name: "findRecord", run: (db, m) => store.findRecord(db, m.round) },
  { name: "listAgents", run: (db) => store.listAgents(db, page) },
  { name: "findAgent", run: (db, m) => store.findAgent(db, m.agentVersion as AgentVersionId) },
  { name: "findNode", run: (db, m) => store.findNode(db, m.node), rows: 5_000 },
  { name: "sumBalances", run: (db, m) => store.sumBalances(db, m.provider) },
  { name: "listEntries", run: (db, m) => store.listEntries(db, { ...page, owner: m.busyRequester }) },
  {
    name: "listEntries, a later page",
    run: (db, m) => store.listEntries(db, { ...page, owner: m.busyRequester, after: past(200) }),
  },
  { name: "listEntries of a provider", run: (db, m) => store.listEntries(db, { ...page, owner: m.provider }) },
  {
    name: "listEvents",
    run: (db, m) => store.listEvents(db, { after: m.lastSeq - 500, viewer: m.requester, limit: 500 }),
  },
  {
    name: "listEvents from far back",
    run: (db, m) => store.listEvents(db, { after: 5_000, viewer: m.requester, limit: 500 }),
  },
  { name: "listAllEvents", run: (db, m) => store.listAllEvents(db, m.lastSeq - 100, 500) },
  { name: "lastEventSeq", run: (db) => store.lastEventSeq(db) },
  // Effects'
  {
    name: "listDueSettlements",
    run: (db) =>
      store.listDueSettlements(db, {
        kind: "settle",
        againBefore: Date.now(),
        dueAfter: Date.now() - 40 * DAY_MS,
        feeBps: 200,
        limit: 40,
      }),
  },
  {
    name: "listDueDamages",
    run: (db) => {
      const now = Date.now();
      return store.listDueDamages(db, {
        againBefore: now,
        refusedBefore: now,
        dueAfter: now - 40 * DAY_MS,
        limit: 20,
      });
    },
  },
];
