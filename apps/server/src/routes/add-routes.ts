import type { App } from "../http/app.ts";
import type { HttpContext } from "../http/http-context.ts";
import { listEntries } from "./account/list-entries.ts";
import { showAccount } from "./account/show-account.ts";
import { listAgents } from "./agents/list-agents.ts";
import { publishAgent } from "./agents/publish-agent.ts";
import { searchAgents } from "./agents/search-agents.ts";
import { retireAgent } from "./agents/retire-agent.ts";
import { showAgent } from "./agents/show-agent.ts";
import { getArtifact } from "./artifacts/get-artifact.ts";
import { putArtifact } from "./artifacts/put-artifact.ts";
import { appendUpload } from "./uploads/append-upload.ts";
import { dropUpload } from "./uploads/drop-upload.ts";
import { showUpload } from "./uploads/show-upload.ts";
import { listChain } from "./auctions/list-chain.ts";
import { listRounds } from "./auctions/list-rounds.ts";
import { showBids } from "./auctions/show-bids.ts";
import { showRecord } from "./auctions/show-record.ts";
import { showRound } from "./auctions/show-round.ts";
import { createKey } from "./auth/create-key.ts";
import { createNonce } from "./auth/create-nonce.ts";
import { listKeys } from "./auth/list-keys.ts";
import { refreshSession } from "./auth/refresh-session.ts";
import { revokeKey } from "./auth/revoke-key.ts";
import { showSession } from "./auth/show-session.ts";
import { signOut } from "./auth/sign-out.ts";
import { verifySignIn } from "./auth/verify-sign-in.ts";
import { listEvents } from "./events/list-events.ts";
import { callGasless } from "./gasless/call-gasless.ts";
import { showHealth } from "./health/show-health.ts";
import { showMetrics } from "./health/show-metrics.ts";
import { showReadiness } from "./health/show-readiness.ts";
import { showChainSync } from "./market/show-chain-sync.ts";
import { showMarket } from "./market/show-market.ts";
import { listNodes } from "./nodes/list-nodes.ts";
import { showNode } from "./nodes/show-node.ts";
import { listAuctions } from "./auctions/list-auctions.ts";
import { showAuction } from "./auctions/show-auction.ts";
import { showAuctionBids } from "./auctions/show-auction-bids.ts";
import { showAuctionRecord } from "./auctions/show-auction-record.ts";
import { acceptTask } from "./tasks/accept-task.ts";
import { acceptTasks } from "./tasks/accept-tasks.ts";
import { cancelTask } from "./tasks/cancel-task.ts";
import { grantSubtasks } from "./tasks/grant-subtasks.ts";
import { listSubtasks } from "./tasks/list-subtasks.ts";
import { retryTask } from "./tasks/retry-task.ts";
import { listTasks } from "./tasks/list-tasks.ts";
import { quoteTask } from "./tasks/quote-task.ts";
import { showInput } from "./tasks/show-input.ts";
import { showLogs } from "./tasks/show-logs.ts";
import { showResult } from "./tasks/show-result.ts";
import { showTask } from "./tasks/show-task.ts";
import { submitTask } from "./tasks/submit-task.ts";
import { submitTasks } from "./tasks/submit-tasks.ts";
import { serveWeb } from "./web/serve-web.ts";
import { cancelWorkflow } from "./workflows/cancel-workflow.ts";
import { listWorkflows } from "./workflows/list-workflows.ts";
import { showWorkflow } from "./workflows/show-workflow.ts";
import { showWorkflowResult } from "./workflows/show-workflow-result.ts";
import { submitWorkflow } from "./workflows/submit-workflow.ts";

type Route = (app: App, context: HttpContext) => void;

const root: Route[] = [showHealth, showReadiness, showMetrics];

const api: Route[] = [
  showHealth,
  showMarket,
  showChainSync,
  callGasless,
  createNonce,
  verifySignIn,
  refreshSession,
  signOut,
  showSession,
  listKeys,
  createKey,
  revokeKey,
  putArtifact,
  getArtifact,
  showUpload,
  appendUpload,
  dropUpload,
  publishAgent,
  listAgents,
  searchAgents,
  showAgent,
  retireAgent,
  submitTask,
  submitTasks,
  acceptTasks,
  quoteTask,
  listTasks,
  showTask,
  showInput,
  showResult,
  showLogs,
  listSubtasks,
  grantSubtasks,
  cancelTask,
  retryTask,
  acceptTask,
  submitWorkflow,
  listWorkflows,
  showWorkflow,
  showWorkflowResult,
  cancelWorkflow,
  listRounds,
  showRound,
  showBids,
  showRecord,
  listChain,
  listAuctions,
  showAuction,
  showAuctionBids,
  showAuctionRecord,
  listNodes,
  showNode,
  showAccount,
  listEntries,
  listEvents,
];

/** Registers every route. */
export async function addRoutes(app: App, context: HttpContext): Promise<void> {
  for (const route of root) route(app, context);
  await app.register(
    (scope: App, _options: unknown, done: () => void) => {
      for (const route of api) route(scope, context);
      done();
    },
    { prefix: "/api/v1" },
  );
  await serveWeb(app, context);
}
