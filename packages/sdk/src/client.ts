import { getAccount } from "./account/get-account.ts";
import { listEntries } from "./account/list-entries.ts";
import { announce } from "./admin/announce.ts";
import { changeSetting } from "./admin/change-setting.ts";
import { endAnnouncement } from "./admin/end-announcement.ts";
import { getSettings } from "./admin/get-settings.ts";
import { getStatus } from "./admin/get-status.ts";
import { listAccounts } from "./admin/list-accounts.ts";
import { listDeadLetters } from "./admin/list-dead-letters.ts";
import { listReports } from "./admin/list-reports.ts";
import { readAudit } from "./admin/read-audit.ts";
import { resolveReport } from "./admin/resolve-report.ts";
import { restoreAccount } from "./admin/restore-account.ts";
import { restoreAgent } from "./admin/restore-agent.ts";
import { restoreNode } from "./admin/restore-node.ts";
import { retrySettlement } from "./admin/retry-settlement.ts";
import { setRoles } from "./admin/set-roles.ts";
import { suspendAccount } from "./admin/suspend-account.ts";
import { suspendAgent } from "./admin/suspend-agent.ts";
import { suspendNode } from "./admin/suspend-node.ts";
import { listAnnouncements } from "./announcements/list-announcements.ts";
import { getAgent } from "./agents/get-agent.ts";
import { getArtifact } from "./agents/get-artifact.ts";
import { uploadArtifact } from "./agents/upload-artifact.ts";
import { listAgents } from "./agents/list-agents.ts";
import { publishAgent } from "./agents/publish-agent.ts";
import { searchAgents } from "./agents/search-agents.ts";
import { searchAgentsPage } from "./agents/search-agents-page.ts";
import { retireAgent } from "./agents/retire-agent.ts";
import { getAuction } from "./auctions/get-auction.ts";
import { getAuctionBids } from "./auctions/get-auction-bids.ts";
import { getAuctionRecord } from "./auctions/get-auction-record.ts";
import { listAuctions } from "./auctions/list-auctions.ts";
import { verifyAuction } from "./auctions/verify-auction.ts";
import { watchAuction } from "./auctions/watch-auction.ts";
import { createKey } from "./auth/create-key.ts";
import { getSession } from "./auth/get-session.ts";
import { listKeys } from "./auth/list-keys.ts";
import { revokeKey } from "./auth/revoke-key.ts";
import { signOut } from "./auth/sign-out.ts";
import { changePassword } from "./auth/change-password.ts";
import { chooseMainWallet } from "./auth/choose-main-wallet.ts";
import { confirmEmail } from "./auth/confirm-email.ts";
import { endOtherSessions } from "./auth/end-other-sessions.ts";
import { endSession } from "./auth/end-session.ts";
import { forgotPassword } from "./auth/forgot-password.ts";
import { joinEmail } from "./auth/join-email.ts";
import { linkWallet } from "./auth/link-wallet.ts";
import { listIdentities } from "./auth/list-identities.ts";
import { listSessions } from "./auth/list-sessions.ts";
import { resetPassword } from "./auth/reset-password.ts";
import { signInByPassword } from "./auth/sign-in-by-password.ts";
import { signUp } from "./auth/sign-up.ts";
import { unlinkWallet } from "./auth/unlink-wallet.ts";
import { beginSecondFactor } from "./auth/begin-second-factor.ts";
import { confirmSecondFactor } from "./auth/confirm-second-factor.ts";
import { renewRecoveryCodes } from "./auth/renew-recovery-codes.ts";
import { endSecondFactor } from "./auth/end-second-factor.ts";
import { listOidcProviders } from "./auth/list-oidc-providers.ts";
import { startOidc } from "./auth/start-oidc.ts";
import { signInByOidc } from "./auth/sign-in-by-oidc.ts";
import { signInByCode } from "./auth/sign-in-by-code.ts";
import { startOidcLink } from "./auth/start-oidc-link.ts";
import { linkOidc } from "./auth/link-oidc.ts";
import { unlinkOidc } from "./auth/unlink-oidc.ts";
import { startPasskey } from "./auth/start-passkey.ts";
import { addPasskey } from "./auth/add-passkey.ts";
import { removePasskey } from "./auth/remove-passkey.ts";
import { startPasskeySignIn } from "./auth/start-passkey-sign-in.ts";
import { signInByPasskey } from "./auth/sign-in-by-passkey.ts";
import { createServiceAccount } from "./auth/create-service-account.ts";
import { listServiceAccounts } from "./auth/list-service-accounts.ts";
import { deleteServiceAccount } from "./auth/delete-service-account.ts";
import type { Connection } from "./connection.ts";
import type { WalletSigner } from "./credentials.ts";
import { listEvents } from "./events/list-events.ts";
import { streamEvents } from "./events/stream-events.ts";
import { callGasless } from "./gasless/call-gasless.ts";
import { getChainSync } from "./market/get-chain-sync.ts";
import { getMarket } from "./market/get-market.ts";
import { getNode } from "./nodes/get-node.ts";
import { listNodes } from "./nodes/list-nodes.ts";
import { fileReport } from "./reports/file-report.ts";
import { getBids } from "./rounds/get-bids.ts";
import { getRecord } from "./rounds/get-record.ts";
import { getRound } from "./rounds/get-round.ts";
import { listChain } from "./rounds/list-chain.ts";
import { listRounds } from "./rounds/list-rounds.ts";
import { verifyChain } from "./rounds/verify-chain.ts";
import { verifyRound } from "./rounds/verify-round.ts";
import { type ConnectionInit, openConnection } from "./open-connection.ts";
import { createSessionKey } from "./session/create-session-key.ts";
import { acceptTask } from "./tasks/accept-task.ts";
import { acceptTasks } from "./tasks/accept-tasks.ts";
import { acceptWhenGood } from "./tasks/accept-when-good.ts";
import { retryTask } from "./tasks/retry-task.ts";
import { cancelTask } from "./tasks/cancel-task.ts";
import { getInput } from "./tasks/get-input.ts";
import { followLogs } from "./tasks/follow-logs.ts";
import { getLogs } from "./tasks/get-logs.ts";
import { getResult } from "./tasks/get-result.ts";
import { getTask } from "./tasks/get-task.ts";
import { grantSubtasks } from "./tasks/grant-subtasks.ts";
import { listSubtasks } from "./tasks/list-subtasks.ts";
import { listTasks } from "./tasks/list-tasks.ts";
import { quoteTask } from "./tasks/quote-task.ts";
import { submitTask } from "./tasks/submit-task.ts";
import { submitTasks } from "./tasks/submit-tasks.ts";
import { watchTask } from "./tasks/watch-task.ts";
import { cancelWorkflow } from "./workflows/cancel-workflow.ts";
import { getWorkflowResult } from "./workflows/get-workflow-result.ts";
import { getWorkflow } from "./workflows/get-workflow.ts";
import { listWorkflows } from "./workflows/list-workflows.ts";
import { submitWorkflow } from "./workflows/submit-workflow.ts";
import { watchWorkflow } from "./workflows/watch-workflow.ts";

export type ClientInit = ConnectionInit;

/**
 * Makes a client of one market. It proves itself by an API key, an access token, or a wallet that signs in when a
 * request first needs it; without any it reads what is public.
 * @throws {StoaError} `invalid_configuration` when the address is none
 * @example
 * const client = createClient({ url: "http://127.0.0.1:8080", apiKey });
 * const { taskId } = await client.tasks.submit({ capability: "text.summarize", input: { text }, maxPrice: 50_000n, signer });
 */
export function createClient(init: ClientInit) {
  return clientOn(openConnection(init));
}

/** Makes a client on a connection that is open already, and shares its session with what else works on it. */
export function clientOn(connection: Connection) {
  const bind = <Args extends unknown[], Result>(operation: (connection: Connection, ...args: Args) => Result) => {
    return (...args: Args): Result => operation(connection, ...args);
  };
  return {
    url: connection.url,
    market: { info: bind(getMarket), chainSync: bind(getChainSync) },
    auth: {
      signIn: (signer: WalletSigner) => connection.credentials.signIn(signer),
      signOut: bind(signOut),
      session: bind(getSession),
      createKey: bind(createKey),
      listKeys: bind(listKeys),
      revokeKey: bind(revokeKey),
      signUp: bind(signUp),
      confirmEmail: bind(confirmEmail),
      signInByPassword: bind(signInByPassword),
      joinEmail: bind(joinEmail),
      forgotPassword: bind(forgotPassword),
      resetPassword: bind(resetPassword),
      changePassword: bind(changePassword),
      listSessions: bind(listSessions),
      endSession: bind(endSession),
      endOtherSessions: bind(endOtherSessions),
      identities: bind(listIdentities),
      linkWallet: bind(linkWallet),
      unlinkWallet: bind(unlinkWallet),
      chooseMainWallet: bind(chooseMainWallet),
      createServiceAccount: bind(createServiceAccount),
      listServiceAccounts: bind(listServiceAccounts),
      deleteServiceAccount: bind(deleteServiceAccount),
      startPasskey: bind(startPasskey),
      addPasskey: bind(addPasskey),
      removePasskey: bind(removePasskey),
      startPasskeySignIn: bind(startPasskeySignIn),
      signInByPasskey: bind(signInByPasskey),
      listOidcProviders: bind(listOidcProviders),
      startOidc: bind(startOidc),
      signInByOidc: bind(signInByOidc),
      signInByCode: bind(signInByCode),
      startOidcLink: bind(startOidcLink),
      linkOidc: bind(linkOidc),
      unlinkOidc: bind(unlinkOidc),
      beginSecondFactor: bind(beginSecondFactor),
      confirmSecondFactor: bind(confirmSecondFactor),
      renewRecoveryCodes: bind(renewRecoveryCodes),
      endSecondFactor: bind(endSecondFactor),
    },
    agents: {
      publish: bind(publishAgent),
      list: bind(listAgents),
      search: bind(searchAgents),
      searchPage: bind(searchAgentsPage),
      get: bind(getAgent),
      artifact: bind(getArtifact),
      upload: bind(uploadArtifact),
      retire: bind(retireAgent),
    },
    tasks: {
      submit: bind(submitTask),
      submitMany: bind(submitTasks),
      quote: bind(quoteTask),
      get: bind(getTask),
      list: bind(listTasks),
      cancel: bind(cancelTask),
      grantSubtasks: bind(grantSubtasks),
      subtasks: bind(listSubtasks),
      retry: bind(retryTask),
      input: bind(getInput),
      result: bind(getResult),
      logs: bind(getLogs),
      followLogs: bind(followLogs),
      accept: bind(acceptTask),
      acceptMany: bind(acceptTasks),
      acceptWhenGood: bind(acceptWhenGood),
      watch: bind(watchTask),
    },
    workflows: {
      submit: bind(submitWorkflow),
      get: bind(getWorkflow),
      list: bind(listWorkflows),
      result: bind(getWorkflowResult),
      watch: bind(watchWorkflow),
      cancel: bind(cancelWorkflow),
    },
    rounds: {
      list: bind(listRounds),
      get: bind(getRound),
      bids: bind(getBids),
      record: bind(getRecord),
      verify: bind(verifyRound),
      chain: bind(listChain),
      verifyChain: bind(verifyChain),
    },
    auctions: {
      list: bind(listAuctions),
      get: bind(getAuction),
      bids: bind(getAuctionBids),
      record: bind(getAuctionRecord),
      verify: bind(verifyAuction),
      watch: bind(watchAuction),
    },
    nodes: { list: bind(listNodes), get: bind(getNode) },
    account: { get: bind(getAccount), entries: bind(listEntries) },
    gasless: { request: bind(callGasless) },
    events: { list: bind(listEvents), stream: bind(streamEvents) },
    session: { create: bind(createSessionKey) },
    announcements: { list: bind(listAnnouncements) },
    reports: { file: bind(fileReport) },
    admin: {
      status: bind(getStatus),
      audit: bind(readAudit),
      accounts: bind(listAccounts),
      setRoles: bind(setRoles),
      suspendAccount: bind(suspendAccount),
      restoreAccount: bind(restoreAccount),
      suspendAgent: bind(suspendAgent),
      restoreAgent: bind(restoreAgent),
      suspendNode: bind(suspendNode),
      restoreNode: bind(restoreNode),
      announce: bind(announce),
      endAnnouncement: bind(endAnnouncement),
      settings: bind(getSettings),
      changeSetting: bind(changeSetting),
      reports: bind(listReports),
      resolveReport: bind(resolveReport),
      deadLetters: bind(listDeadLetters),
      retrySettlement: bind(retrySettlement),
    },
  };
}

export type StoaClient = ReturnType<typeof createClient>;
