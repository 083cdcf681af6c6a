export { amount, formatAmount, MAX_AMOUNT, parseAmount } from "./amount.ts";
export type { Amount } from "./amount.ts";
export type { Brand } from "./brand.ts";
export { keccak256 } from "#keccak256";
export { writeHex } from "./hash/write-hex.ts";
export { canonicalJson, hashBytes, hashJson, requireSameHash } from "./content-hash.ts";
export type { Json } from "./content-hash.ts";
export { errorCodes, StoaError } from "./errors.ts";
export type { ErrorCode, ErrorKind } from "./errors.ts";
export { parseAddress, parseHash, ZERO_HASH } from "./ids.ts";
export type { Address, AgentVersionId, Hash, NodeId, RoundId, Signature, TaskId } from "./ids.ts";
export { limits } from "./limits.ts";
export {
  AddressSchema,
  AmountSchema,
  AnyJsonSchema,
  CapabilitySchema,
  EmailSchema,
  HashSchema,
  MAX_PASSWORD_LENGTH,
  MIN_PASSWORD_LENGTH,
  ModelNameSchema,
  PasswordSchema,
  SignatureSchema,
  TimeSchema,
  UnixSecondsSchema,
} from "./schema-parts.ts";
export { eip712Domain } from "./typed-data/domain.ts";
export type { SigningDomain } from "./typed-data/domain.ts";
export { hashTyped, recoverSigner, requireSigner, signTyped } from "./typed-data/sign.ts";
export type { Signer } from "./typed-data/sign.ts";
export { signingAccount } from "./typed-data/signing-account.ts";
export { typedDataTypes } from "./typed-data/types.ts";
export type {
  Acceptance,
  Attestation,
  Award,
  BidSheet,
  HoldReceipt,
  NodeConsent,
  NodeLink,
  Opening,
  Order,
  Publication,
  Receipt,
  Refusal,
  SessionKey,
  SheetReceipt,
  TypedMessages,
  TypedName,
  Voucher,
} from "./typed-data/types.ts";
export { BID_REASON, passReasonOf, passReasons } from "./pass-reasons.ts";
export type { PassReason } from "./pass-reasons.ts";
export { ROUND_ANCHORS_ADDRESS, roundAnchorsReads, segmentHash } from "./round-anchors.ts";
export type { AnchoredHead, AnchoredSegment } from "./round-anchors.ts";
export {
  AuctionModeSchema,
  DEFAULT_START_SECONDS,
  IN_THE_CLEAR,
  LONGEST_BACKOFF_SECONDS,
  MAX_ATTEMPTS,
  RetrySchema,
  taskHash,
  TaskSpecSchema,
  VerificationSchema,
} from "./task-spec.ts";
export type { AuctionMode, RetryPolicy, TaskSpec } from "./task-spec.ts";
export {
  AcceptanceSchema,
  AwardSchema,
  BidSheetSchema,
  decodeTyped,
  encodeTyped,
  HoldReceiptSchema,
  NodeLinkSchema,
  OpeningSchema,
  OrderSchema,
  PublicationSchema,
  ReceiptSchema,
  RefusalSchema,
  SessionKeySchema,
  SheetReceiptSchema,
  VoucherSchema,
} from "./wire-order.ts";
export type { WireTyped } from "./wire-order.ts";
export { agentSchemaProblems, MAX_AGENT_SCHEMA_BYTES } from "./agent-schema.ts";
export {
  ExecutionFailureReasonSchema,
  executionFailureReasons,
  ExecutionStatsSchema,
  isAgentFault,
} from "./execution.ts";
export type { ExecutionFailureReason, ExecutionStats } from "./execution.ts";
export { findUnfitText, toFitText } from "./fit-text.ts";
export {
  acceptanceOf,
  stepAcceptances,
  StepNameSchema,
  workflowLimits,
  workflowPolicies,
  WorkflowSpecSchema,
  WorkflowStepSchema,
} from "./workflow/workflow-spec.ts";
export type { StepAcceptance, WorkflowPolicy, WorkflowSpec, WorkflowStep } from "./workflow/workflow-spec.ts";
export { stepStates, workflowStates } from "./workflow/workflow-state.ts";
export type { StepState, WorkflowState } from "./workflow/workflow-state.ts";
export { stepNonce, subtaskNonce, workflowNonce } from "./workflow/workflow-nonce.ts";
export type { WorkflowCommitment } from "./workflow/workflow-nonce.ts";
export { isTooDeep, MAX_JSON_DEPTH } from "./json-depth.ts";
export { agentLimits, agentVersionId, isContainer, isRemote, ManifestSchema, parseManifest } from "./manifest.ts";
export type { AgentSchema, BundledArtifact, ImageArtifact, Manifest, ManifestOf, RemoteArtifact } from "./manifest.ts";
export { manifestFileSchema } from "./manifest-file-schema.ts";
export { agentCard, MARKET_BINDING, TERMS_EXTENSION } from "./agent-card.ts";
export type { AgentCard, AgentInterface, DescribedAgent } from "./agent-card.ts";
export { registrationFile } from "./registration-file.ts";
export type { Registration, RegistrationFile } from "./registration-file.ts";
export {
  isKeptOnDisk,
  isNotice,
  marketMessageSchemas,
  MARKET_PROTOCOL,
  MAX_HOSTED_AGENTS,
  MAX_SLOTS,
  nodeMessageSchemas,
  parseMarketMessage,
  parseNodeMessage,
  passAnswer,
  SheetAnswerSchema,
} from "./wire/node-messages.ts";
export type { MarketMessage, MarketMessages, NodeMessage, NodeMessages, SheetAnswer } from "./wire/node-messages.ts";
export { ChainSyncSchema } from "./api/chain-sync.ts";
export type { ChainSync } from "./api/chain-sync.ts";
export { GaslessAnswerSchema, GaslessCallSchema } from "./api/gasless.ts";
export type { GaslessAnswer, GaslessCall } from "./api/gasless.ts";
export { MarketInfoSchema } from "./api/market.ts";
export type { MarketInfo } from "./api/market.ts";
export { ProblemSchema } from "./api/problem.ts";
export type { Problem } from "./api/problem.ts";
export { eventTopics, readTopics, topicOf } from "./event-topics.ts";
export type { EventTopic } from "./event-topics.ts";
export type { EventRecord, EventType, MarketEvents, NewEvent } from "./events.ts";
export { taskStates } from "./task-state.ts";
export type { TaskState } from "./task-state.ts";
export { OpeningTaskSchema, RoundOpeningSchema, SessionGrantSchema } from "./wire/round-opening.ts";
export type { OpeningTask, RoundOpening, SessionGrant } from "./wire/round-opening.ts";
export {
  CertificateSchema,
  FIRST_PREVIOUS_HASH,
  NodeFaultSchema,
  ReawardCertificateSchema,
  RecordAwardSchema,
  RecordCloseSchema,
  RecordNodeSchema,
  RecordOutcomeSchema,
  RecordSheetSchema,
  RecordVersionSchema,
  RoundBodySchema,
  RoundRecordSchema,
  RoundSnapshotSchema,
  snapshotHash,
  sortSnapshot,
  supplementHash,
  SupplementSchema,
} from "./round-record.ts";
export type {
  Certificate,
  NodeFault,
  RecordAward,
  RecordClose,
  RecordNode,
  RecordOutcome,
  RecordSheet,
  RecordVersion,
  RoundBody,
  RoundRecord,
  RoundSnapshot,
  ReawardCertificate,
  Supplement,
} from "./round-record.ts";
export { DEFAULT_PAGE_ITEMS, MAX_PAGE_ITEMS, PageQuerySchema } from "./api/page.ts";
export type { Page, PageQuery } from "./api/page.ts";
export {
  ApiKeySchema,
  ApiKeysSchema,
  KeyRequestSchema,
  MAX_KEY_LIFE_SECONDS,
  NewApiKeySchema,
  NonceRequestSchema,
  NonceResponseSchema,
  RefreshRequestSchema,
  roles,
  scopes,
  SessionSchema,
  rateTiers,
  SessionTokensSchema,
  VerifyRequestSchema,
} from "./api/auth.ts";
export type {
  ApiKey,
  KeyRequest,
  NewApiKey,
  NonceResponse,
  RateTier,
  Role,
  Scope,
  Session,
  SessionTokens,
  SignedIn,
} from "./api/auth.ts";
export {
  ChangePasswordSchema,
  ConfirmEmailSchema,
  EmailRequestSchema,
  ForgotPasswordSchema,
  MailSentSchema,
  PasswordSignInSchema,
  ResetPasswordSchema,
} from "./api/email-auth.ts";
export type { MailSent, PasswordSignIn } from "./api/email-auth.ts";
export {
  BeginSecondFactorSchema,
  ConfirmSecondFactorSchema,
  RecoveryCodesSchema,
  SecondFactorRequestSchema,
  SecondFactorSetupSchema,
} from "./api/second-factor.ts";
export type { RecoveryCodes, SecondFactorRequest, SecondFactorSetup } from "./api/second-factor.ts";
export {
  CodeSignInSchema,
  LinkedProviderSchema,
  OidcProvidersSchema,
  OidcReturnSchema,
  OidcStartSchema,
} from "./api/oidc.ts";
export type { OidcProviders, OidcStart } from "./api/oidc.ts";
export { PasskeyMadeSchema, PasskeyOptionsSchema, PasskeySchema, PasskeySignedSchema } from "./api/passkeys.ts";
export type { Passkey, PasskeyMade, PasskeyOptions, PasskeySigned } from "./api/passkeys.ts";
export {
  MAX_SERVICE_ACCOUNTS,
  ServiceAccountRequestSchema,
  ServiceAccountSchema,
  ServiceAccountsSchema,
} from "./api/service-accounts.ts";
export type { ServiceAccount } from "./api/service-accounts.ts";
export {
  IdentitiesSchema,
  LinkedWalletSchema,
  LinkNonceSchema,
  SignedInSessionSchema,
  SignedInSessionsSchema,
  walletKinds,
} from "./api/identities.ts";
export type { Identities, LinkedWallet, LinkNonce, SignedInSession, WalletKind } from "./api/identities.ts";
export {
  AgentPageSchema,
  AgentViewSchema,
  agentStates,
  ListAgentsQuerySchema,
  PublishAgentSchema,
  PublishedSchema,
  StoredArtifactSchema,
} from "./api/agents.ts";
export {
  AgentMatchPageSchema,
  agentKinds,
  MAX_SEARCH_TEXT,
  SearchAgentsQuerySchema,
  searchedFields,
} from "./api/agent-search.ts";
export type {
  AgentKind,
  AgentMatch,
  AgentMatchPage,
  MeaningState,
  SearchAgentsQuery,
  SearchedField,
} from "./api/agent-search.ts";
export type { Agent, AgentState, AgentSummary, ListAgentsQuery, Published, StoredArtifact } from "./api/agents.ts";
export {
  AcceptedTasksSchema,
  AcceptTaskSchema,
  AcceptTasksSchema,
  GrantSubtasksSchema,
  ListTasksQuerySchema,
  MAX_BATCH_ITEMS,
  SubmittedTaskSchema,
  SubmittedTasksSchema,
  SubmitTaskSchema,
  SubmitTasksSchema,
  SubtasksSchema,
  TaskInputSchema,
  TaskLogsSchema,
  TaskPageSchema,
  TaskResultSchema,
  TaskSchema,
} from "./api/tasks.ts";
export type {
  AcceptedTasks,
  AcceptTasks,
  ExecutionView,
  GrantSubtasks,
  ListTasksQuery,
  SubmittedTask,
  SubmittedTasks,
  SubmitTask,
  SubmitTasks,
  Subtasks,
  Task,
  TaskInput,
  TaskLogs,
  TaskResult,
  TaskSummary,
} from "./api/tasks.ts";
export { QuoteRequestSchema, QuoteSchema } from "./api/quotes.ts";
export type { Quote, QuoteRequest } from "./api/quotes.ts";
export { CostBandSchema, NodeCountSchema, UnservedSchema } from "./unserved.ts";
export type { UnservedCount, UnservedView, WireCostBand } from "./unserved.ts";
export {
  ChainPageSchema,
  ListChainQuerySchema,
  ListRoundsQuerySchema,
  PublishedRoundSchema,
  RoundBidsSchema,
  RoundPageSchema,
  RoundSchema,
  roundStates,
} from "./api/auctions.ts";
export type {
  ChainLink,
  ListChainQuery,
  ListRoundsQuery,
  PublishedRound,
  Round,
  RoundAnchor,
  RoundBids,
  RoundState,
  RoundSummary,
} from "./api/auctions.ts";
export { ListNodesQuerySchema, NodePageSchema, NodeSchema } from "./api/nodes.ts";
export type { ListNodesQuery, Node } from "./api/nodes.ts";
export { AccountEntryPageSchema, AccountSchema } from "./api/account.ts";
export type { AccountEntryPage } from "./api/account.ts";
export type { ArchivedRanges } from "./api/archived.ts";
export type { Account, AccountEntry } from "./api/account.ts";
export { EventsQuerySchema, EventsSchema, MAX_EVENTS } from "./api/events.ts";
export type { Events, EventsQuery } from "./api/events.ts";
export { HealthSchema, ReadySchema } from "./api/health.ts";
export type { Health, Ready } from "./api/health.ts";
export { BudgetTaskSchema } from "./api/budget-task.ts";
export type { BudgetTask } from "./api/budget-task.ts";
export {
  ListWorkflowsQuerySchema,
  SubmittedWorkflowSchema,
  SubmitWorkflowSchema,
  WorkflowPageSchema,
  WorkflowResultSchema,
  WorkflowSchema,
} from "./api/workflows.ts";
export type {
  ListWorkflowsQuery,
  SubmittedWorkflow,
  SubmitWorkflow,
  Workflow,
  WorkflowResult,
  WorkflowStepView,
  WorkflowSummary,
} from "./api/workflows.ts";
export { schemaProblem } from "./schema-problem.ts";
export { MAX_OPEN_BIDS, openBidId, OpenAuctionOpeningSchema, OpenLeadSchema } from "./wire/open-auction-opening.ts";
export type { OpenAuctionOpening, OpenLeadView } from "./wire/open-auction-opening.ts";
export {
  OpenAuctionBodySchema,
  OpenAuctionRecordSchema,
  OpenAwardSchema,
  OpenCloseReasonSchema,
  OpenOfferSchema,
  OpenSupplementSchema,
} from "./open-auction-record.ts";
export type {
  OpenAuctionBody,
  OpenAuctionRecord,
  OpenAward,
  OpenCloseReason,
  OpenOffer,
  OpenSupplement,
} from "./open-auction-record.ts";
export {
  AuctionBidsSchema,
  AuctionPageSchema,
  AuctionSchema,
  auctionStates,
  ListAuctionsQuerySchema,
  PublishedAuctionSchema,
} from "./api/open-auctions.ts";
export type {
  Auction,
  AuctionBids,
  AuctionState,
  AuctionSummary,
  ListAuctionsQuery,
  PublishedAuction,
} from "./api/open-auctions.ts";
export { AUDIT_GENESIS, AuditEntrySchema, findBrokenEntry, hashAuditEntry } from "./audit-entry.ts";
export type { AuditEntry } from "./audit-entry.ts";
export { settingNames, settingSchemas, severities } from "./oversight.ts";
export type { SettingName, Settings, Severity } from "./oversight.ts";
export {
  AuditLogSchema,
  AuditQuerySchema,
  ChangeSettingSchema,
  deadLetterKinds,
  DeadLetterPageSchema,
  ListAccountsQuerySchema,
  ListDeadLettersQuerySchema,
  OverseenAccountPageSchema,
  OverseenAccountSchema,
  ReasonSchema,
  SetRolesSchema,
  SettingNameSchema,
  SettingsSchema,
  SystemStatusSchema,
} from "./api/admin.ts";
export type {
  AuditLog,
  DeadLetter,
  DeadLetterKind,
  ListAccountsQuery,
  OverseenAccount,
  SystemStatus,
} from "./api/admin.ts";
export {
  AnnouncementPageSchema,
  AnnouncementSchema,
  AnnounceSchema,
  ListAnnouncementsQuerySchema,
} from "./api/announcements.ts";
export type { Announce, Announcement } from "./api/announcements.ts";
export {
  ListReportsQuerySchema,
  MAX_OPEN_REPORTS,
  ReportPageSchema,
  ReportRequestSchema,
  ReportSchema,
  ResolveReportSchema,
} from "./api/reports.ts";
export type { Report, ReportKind, ReportRequest, Resolution } from "./api/reports.ts";
