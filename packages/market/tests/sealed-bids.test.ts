import {
  findNode,
  findRecord,
  findRound,
  findTask,
  findTaskIds,
  listAgents,
  listAllEvents,
  listAwardsOfRound,
  listAwardsOfTask,
  listEntries,
  listEvents,
  listLogLines,
  listNodes,
  listRounds,
  listDueTasks,
  listTasks,
  sumBalances,
} from "@stoa/store";
import * as store from "@stoa/store";
import { createMarketFixture, databaseKinds, type TestDatabase } from "@stoa/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

/** An ask that no other number of the market looks like. */
const TELLTALE = 31_415_926n;

describe.each(databaseKinds)("on $name", (kind) => {
  let opened: TestDatabase;
  beforeAll(async () => {
    opened = await kind.start();
  });
  afterAll(() => opened[Symbol.asyncDispose]());

  test("while a round is open no event and no read shows a bid, that there is one, or when it came", async () => {
    const { database } = opened;
    const market = await createMarketFixture({ database });
    const requester = await market.requester(90_000_000n);
    const node = await market.node({ stake: 10_000_000n });
    const taskId = await market.submit(requester, { maxPrice: 80_000_000n });
    const { workflowId } = await market.market.submitWorkflow(
      await market.workflow(requester, { steps: { only: {} } }),
    );
    await market.market.advanceWorkflow(workflowId);
    await market.market.orderStep({ workflowId, step: "only", attempt: 1, input: { text: "only" } });
    const told: unknown[] = [];
    market.market.events.onAppended((events) => told.push(...events));
    const round = await market.openRound([node]);
    const { roundId } = round;
    const seq = (await listAllEvents(database, 0, 10_000)).at(-1)?.seq ?? 0;
    const sending = { chainId: 31_337, sender: node.key.address };

    const reads: Record<string, () => Promise<unknown>> = {
      findRecord: () => findRecord(database, roundId),
      findRound: () => findRound(database, roundId),
      listRounds: () => listRounds(database, { limit: 100 }),
      listAwardsOfRound: () => listAwardsOfRound(database, roundId),
      listAwardsOfTask: () => listAwardsOfTask(database, taskId),
      findTask: () => findTask(database, taskId),
      findTaskIds: () => findTaskIds(database, taskId.slice(0, 10)),
      listTasks: () => listTasks(database, { limit: 100 }),
      listDueTasks: () => listDueTasks(database, { upTo: Date.parse("2100-01-01"), limit: 100 }),
      findNode: () => findNode(database, node.key.address as Parameters<typeof findNode>[1]),
      listNodes: () => listNodes(database, { limit: 100 }),
      listAgents: () => listAgents(database, { limit: 100 }),
      findAgent: () => store.findAgent(database, market.agentVersion),
      listEvents: () => listEvents(database, { after: 0, viewer: requester.address, limit: 10_000 }),
      listAllEvents: () => listAllEvents(database, 0, 10_000),
      lastEventSeq: () => store.lastEventSeq(database),
      listEntries: () => listEntries(database, { owner: node.provider.address, limit: 100 }),
      listLogLines: () => listLogLines(database, taskId),
      sumBalances: () => sumBalances(database, node.provider.address),
      sumSetAside: () => store.sumSetAside(database, [requester.address]),
      findWorkflow: () => store.findWorkflow(database, workflowId),
      findWorkflowIds: () => store.findWorkflowIds(database, workflowId.slice(0, 10)),
      listWorkflows: () => store.listWorkflows(database, { requester: requester.address, limit: 100 }),
      listWorkflowSteps: () => store.listWorkflowSteps(database, workflowId),
      listDueWorkflows: () => store.listDueWorkflows(database, 100),
      listBudgetTasks: () => store.listBudgetTasks(database, workflowId),
      listDueSettlements: () =>
        store.listDueSettlements(database, {
          kind: "settle",
          againBefore: market.now(),
          dueAfter: 0,
          feeBps: 200,
          limit: 40,
        }),
      listDueDamages: () =>
        store.listDueDamages(database, { againBefore: 0, refusedBefore: 0, dueAfter: 0, limit: 20 }),
      findAnchor: () => store.findAnchor(database, roundId),
      findRoundPosition: () =>
        store.findRoundPosition(database, { capability: market.capability, outcomeHash: roundId }),
      listChain: () => store.listChain(database, { capability: market.capability, limit: 100 }),
      listUnanchored: () => store.listUnanchored(database),
      findAuction: () => store.findAuction(database, roundId),
      findAuctionRecord: () => store.findAuctionRecord(database, roundId),
      listAuctions: () => store.listAuctions(database, { limit: 100 }),
      listAuctionOffers: () => store.listAuctionOffers(database, roundId),
      findSentIntent: () => store.findSentIntent(database, roundId),
      listSentOfNonce: () => store.listSentOfNonce(database, sending, 0),
      listOpenIntents: () => store.listOpenIntents(database, sending),
      listChainBlocks: () => store.listChainBlocks(database, sending.chainId),
      listChainEvents: () =>
        store.listChainEvents(database, sending.chainId, { addresses: [sending.sender], from: 0, to: 1_000_000 }),
      findRequesters: () => store.findRequesters(database, [taskId]),
      findSmallObjects: () => store.findSmallObjects(database, [roundId, taskId]),
      listCapabilities: () => store.listCapabilities(database),
      listWaitingCapabilities: () => store.listWaitingCapabilities(database, market.now()),
      listRecentPrices: () =>
        store.listRecentPrices(database, { capability: market.capability, agentVersion: market.agentVersion }),
      findAgents: () => store.findAgents(database, [market.agentVersion]),
      findNewestAgents: () => store.findNewestAgents(database, [market.manifest.name]),
      listNewestAgents: () => store.listNewestAgents(database, { after: null, limit: 100 }),
      listAgentRecords: () => store.listAgentRecords(database, 0),
      findAgentVectors: () => store.findAgentVectors(database, "any", [market.agentVersion]),
      lastAgentVector: () => store.lastAgentVector(database, "any"),
      listAgentVectors: () => store.listAgentVectors(database, { model: "any", after: 0n, limit: 100 }),
      listUnembedded: () =>
        store.listUnembedded(database, { model: "any", table: "agent_vectors", names: null, after: null, limit: 100 }),
      listDueMails: () => store.listDueMails(database, { now: market.now(), limit: 100 }),
      listAnnouncements: () => store.listAnnouncements(database, { limit: 100 }),
      listReports: () => store.listReports(database, { resolved: false, limit: 100 }),
      listAudit: () => store.listAudit(database, { after: 0, limit: 100 }),
      listDeadLetters: () => store.listDeadLetters(database, { kind: "settlement", limit: 100 }),
      marketLoad: () => store.marketLoad(database),
      networkStats: () => store.networkStats(database),
      oversightCounts: () => store.oversightCounts(database),
      readSettings: () => store.readSettings(database),
      listArchives: () => store.listArchives(database),
      findArchivedLog: () => store.findArchivedLog(database),
      listArchivedEntries: () => store.listArchivedEntries(database, node.provider.address),
      listArchivedLogs: () => store.listArchivedLogs(database, { from: 0, to: market.now() }),
    };
    // How large a partition is, and why it may not leave, is for the operator's command alone, who has the database.
    const operators = ["listPartitions", "findBlocker"];
    // They ask an extension that not every database has, for agents' vectors alone.
    const ofVectors = ["findNearest", "findNearestOf"];
    const otherwiseNamed = ["marketLoad", "networkStats", "oversightCounts", "readSettings"];
    const readable = Object.keys(store).filter(
      (name) =>
        otherwiseNamed.includes(name) ||
        (/^(list|find|sum|last)/.test(name) && !operators.includes(name) && !ofVectors.includes(name)),
    );
    expect(Object.keys(reads).toSorted(), "every read the store has is tried").toEqual(readable.toSorted());
    const readAll = async () => {
      const shown: Record<string, string> = {};
      for (const [name, read] of Object.entries(reads)) {
        shown[name] =
          JSON.stringify(await read(), (_, part: unknown) => (typeof part === "bigint" ? String(part) : part)) ??
          "undefined";
      }
      return shown;
    };

    const before = await readAll();
    await market.market.placeSheet(await market.sheet(round, node, TELLTALE));
    expect(await readAll()).toEqual(before);
    expect(await listAllEvents(database, seq, 100)).toEqual([]);
    expect(JSON.stringify(told)).not.toContain(String(TELLTALE));

    await market.market.closeRound(roundId, "all_answered");
    expect((await readAll())["findRecord"]).toContain(String(TELLTALE));
  });
});
