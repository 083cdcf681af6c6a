import type { App } from "../http/app.ts";
import type { HttpContext } from "../http/http-context.ts";
import { listEntries } from "./account/list-entries.ts";
import { showAccount } from "./account/show-account.ts";
import { announce } from "./admin/announce.ts";
import { changeSetting } from "./admin/change-setting.ts";
import { endAnnouncement } from "./admin/end-announcement.ts";
import { listAccounts } from "./admin/list-accounts.ts";
import { listAudit } from "./admin/list-audit.ts";
import { listDeadLetters } from "./admin/list-dead-letters.ts";
import { listReports } from "./admin/list-reports.ts";
import { resolveReport } from "./admin/resolve-report.ts";
import { retrySettlement } from "./admin/retry-settlement.ts";
import { setRoles } from "./admin/set-roles.ts";
import { showSettings } from "./admin/show-settings.ts";
import { showStatus } from "./admin/show-status.ts";
import { suspendAccount } from "./admin/suspend-account.ts";
import { suspendAgent } from "./admin/suspend-agent.ts";
import { suspendNode } from "./admin/suspend-node.ts";
import { listAnnouncements } from "./announcements/list-announcements.ts";
import { fileReport } from "./reports/file-report.ts";
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
import { signUp } from "./auth/email/sign-up.ts";
import { confirmEmail } from "./auth/email/confirm-email.ts";
import { signInByPassword } from "./auth/email/sign-in-by-password.ts";
import { joinEmail } from "./auth/email/join-email.ts";
import { forgotPassword } from "./auth/password/forgot-password.ts";
import { resetPassword } from "./auth/password/reset-password.ts";
import { changePassword } from "./auth/password/change-password.ts";
import { listSessions } from "./auth/sessions/list-sessions.ts";
import { endSession } from "./auth/sessions/end-session.ts";
import { endOtherSessions } from "./auth/sessions/end-other-sessions.ts";
import { listIdentities } from "./auth/identities/list-identities.ts";
import { createLinkNonce } from "./auth/wallets/create-link-nonce.ts";
import { linkWallet } from "./auth/wallets/link-wallet.ts";
import { unlinkWallet } from "./auth/wallets/unlink-wallet.ts";
import { chooseMainWallet } from "./auth/wallets/choose-main-wallet.ts";
import { beginSecondFactor } from "./auth/second-factor/begin-second-factor.ts";
import { confirmSecondFactor } from "./auth/second-factor/confirm-second-factor.ts";
import { renewRecoveryCodes } from "./auth/second-factor/renew-recovery-codes.ts";
import { endSecondFactor } from "./auth/second-factor/end-second-factor.ts";
import { listOidcProviders } from "./auth/oidc/list-oidc-providers.ts";
import { startOidc } from "./auth/oidc/start-oidc.ts";
import { signInByOidc } from "./auth/oidc/sign-in-by-oidc.ts";
import { startOidcLink } from "./auth/oidc/start-oidc-link.ts";
import { linkOidc } from "./auth/oidc/link-oidc.ts";
import { unlinkOidc } from "./auth/oidc/unlink-oidc.ts";
import { signInByCode } from "./auth/second-factor/sign-in-by-code.ts";
import { startPasskey } from "./auth/passkeys/start-passkey.ts";
import { addPasskey } from "./auth/passkeys/add-passkey.ts";
import { startPasskeySignIn } from "./auth/passkeys/start-passkey-sign-in.ts";
import { signInByPasskey } from "./auth/passkeys/sign-in-by-passkey.ts";
import { removePasskey } from "./auth/passkeys/remove-passkey.ts";
import { createServiceAccount } from "./auth/service-accounts/create-service-account.ts";
import { listServiceAccounts } from "./auth/service-accounts/list-service-accounts.ts";
import { deleteServiceAccount } from "./auth/service-accounts/delete-service-account.ts";
import { listEvents } from "./events/list-events.ts";
import { callGasless } from "./gasless/call-gasless.ts";
import { showHealth } from "./health/show-health.ts";
import { showMetrics } from "./health/show-metrics.ts";
import { showReadiness } from "./health/show-readiness.ts";
import { serveMailLinks } from "./mail-links/serve-mail-links.ts";
import { listMails } from "./mailbox/list-mails.ts";
import { showMail } from "./mailbox/show-mail.ts";
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

const root: Route[] = [showHealth, showReadiness, showMetrics, listMails, showMail, serveMailLinks];

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
  signUp,
  confirmEmail,
  signInByPassword,
  joinEmail,
  forgotPassword,
  resetPassword,
  changePassword,
  listSessions,
  endSession,
  endOtherSessions,
  listIdentities,
  beginSecondFactor,
  confirmSecondFactor,
  renewRecoveryCodes,
  endSecondFactor,
  listOidcProviders,
  startOidc,
  signInByOidc,
  startOidcLink,
  linkOidc,
  unlinkOidc,
  signInByCode,
  startPasskey,
  addPasskey,
  startPasskeySignIn,
  signInByPasskey,
  removePasskey,
  createServiceAccount,
  listServiceAccounts,
  deleteServiceAccount,
  createLinkNonce,
  linkWallet,
  unlinkWallet,
  chooseMainWallet,
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
  listAnnouncements,
  fileReport,
  showStatus,
  listAudit,
  listAccounts,
  setRoles,
  suspendAccount,
  suspendAgent,
  suspendNode,
  announce,
  endAnnouncement,
  showSettings,
  changeSetting,
  listReports,
  resolveReport,
  listDeadLetters,
  retrySettlement,
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
