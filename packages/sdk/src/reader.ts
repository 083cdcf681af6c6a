import { getAccount } from "./account/get-account.ts";
import { listEntries } from "./account/list-entries.ts";
import { getAgent } from "./agents/get-agent.ts";
import { listAgents } from "./agents/list-agents.ts";
import { searchAgentsPage } from "./agents/search-agents-page.ts";
import { getAuction } from "./auctions/get-auction.ts";
import { getAuctionBids } from "./auctions/get-auction-bids.ts";
import { listAuctions } from "./auctions/list-auctions.ts";
import type { MarketInfo } from "@stoa/protocol";
import type { Connection } from "./connection.ts";
import { liveFrames } from "./events/live-frames.ts";
import { listEvents } from "./events/list-events.ts";
import { getChainSync } from "./market/get-chain-sync.ts";
import { requestJson } from "./http/request.ts";
import { getNode } from "./nodes/get-node.ts";
import { listNodes } from "./nodes/list-nodes.ts";
import { getBids } from "./rounds/get-bids.ts";
import { getRound } from "./rounds/get-round.ts";
import { listRounds } from "./rounds/list-rounds.ts";
import { getInput } from "./tasks/get-input.ts";
import { getLogs } from "./tasks/get-logs.ts";
import { getTask } from "./tasks/get-task.ts";
import { listSubtasks } from "./tasks/list-subtasks.ts";
import { listTasks } from "./tasks/list-tasks.ts";
import { quoteTask } from "./tasks/quote-task.ts";

export type { Connection } from "./connection.ts";
export type { HeldSession, SessionStore, WalletSigner } from "./credentials.ts";
export type { LiveFrame } from "./events/live-frames.ts";
export { openConnection } from "./open-connection.ts";
export type { ConnectionInit } from "./open-connection.ts";
export type { AnyEvent } from "./tasks/watch-task.ts";

/**
 * Reads a market, and neither signs nor checks anything: what a page needs for its first view. It takes a thirtieth of
 * the whole client's code.
 * @example
 * const reader = createReader(openConnection({ url: location.origin }));
 */
export function createReader(connection: Connection) {
  const bind = <Args extends unknown[], Result>(operation: (connection: Connection, ...args: Args) => Result) => {
    return (...args: Args): Result => operation(connection, ...args);
  };
  return {
    market: {
      /** As the market says it; who signs over it reads it by the whole client, which holds it to its schema. */
      info: (): Promise<MarketInfo> => requestJson(connection, "/market", { anonymous: true }),
      chainSync: bind(getChainSync),
    },
    agents: { list: bind(listAgents), get: bind(getAgent), searchPage: bind(searchAgentsPage) },
    tasks: {
      get: bind(getTask),
      list: bind(listTasks),
      input: bind(getInput),
      logs: bind(getLogs),
      subtasks: bind(listSubtasks),
      quote: bind(quoteTask),
    },
    rounds: { list: bind(listRounds), get: bind(getRound), bids: bind(getBids) },
    auctions: { list: bind(listAuctions), get: bind(getAuction), bids: bind(getAuctionBids) },
    nodes: { list: bind(listNodes), get: bind(getNode) },
    account: { get: bind(getAccount), entries: bind(listEntries) },
    events: { list: bind(listEvents), frames: bind(liveFrames) },
  };
}

export type Reader = ReturnType<typeof createReader>;
