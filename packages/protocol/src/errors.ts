/**
 * The three kinds of failure: the caller's mistake, a fault worth retrying, a bug of ours.
 * One place maps them to HTTP (server `problem.ts`), one to exit codes (cli `exit-code.ts`).
 */
export type ErrorKind = "mistake" | "retry" | "bug";

interface ErrorDefinition {
  kind: ErrorKind;
  /** HTTP status of the problem document. */
  status: number;
  title: string;
  /** What the reader can do about it. */
  remedy: string;
}

/** Every error code of the system; `docs/errors.md` is generated from this table. */
export const errorCodes = {
  // The shape of a request
  malformed_json: { kind: "mistake", status: 400, title: "The body is not JSON", remedy: "Send valid JSON in UTF-8." },
  invalid_request: {
    kind: "mistake",
    status: 400,
    title: "The request does not match its schema",
    remedy: "Compare it with the operation's schema at /api/v1/docs.",
  },
  malformed_id: {
    kind: "mistake",
    status: 400,
    title: "An id or address is malformed",
    remedy: "Copy the id whole, with its 0x.",
  },
  malformed_amount: {
    kind: "mistake",
    status: 400,
    title: "An amount is malformed",
    remedy: "Give a positive decimal number with at most the token's decimals.",
  },
  not_found: {
    kind: "mistake",
    status: 404,
    title: "There is no such thing",
    remedy: "Check the id; list what there is first.",
  },
  archived: {
    kind: "mistake",
    status: 410,
    title: "What is asked for has moved to the archive",
    remedy: "Read on from where the message says; the operator has the rest in the archive it names (docs/archive.md).",
  },
  too_large: {
    kind: "mistake",
    status: 413,
    title: "The body is over the size limit",
    remedy: "Send less; the limits are at /api/v1/market.",
  },
  idempotency_conflict: {
    kind: "mistake",
    status: 409,
    title: "The same key was used for another request",
    remedy: "Use a new Idempotency-Key for a different request.",
  },
  too_many_requests: {
    kind: "retry",
    status: 429,
    title: "Too many requests",
    remedy: "Wait for the Retry-After seconds.",
  },
  // Signing in
  unauthorized: {
    kind: "mistake",
    status: 401,
    title: "You are not signed in",
    remedy: "Send a bearer token or an x-api-key header; `npm start` prints a ready key.",
  },
  suspended: {
    kind: "mistake",
    status: 403,
    title: "This is suspended",
    remedy:
      "The reason stands beside it; ask whoever runs the market. Money can be withdrawn from the vault all the same.",
  },
  maintenance: {
    kind: "retry",
    status: 503,
    title: "The market takes nothing new for a while",
    remedy: "Try again after the Retry-After seconds; what was taken goes on, and money can be withdrawn.",
  },
  sign_in_again: {
    kind: "mistake",
    status: 403,
    title: "This needs a sign-in of a short while ago",
    remedy: "Sign in again, then send the same request.",
  },
  wrong_password: {
    kind: "mistake",
    status: 422,
    title: "The account's password is another",
    remedy: "Give the account's current password, or have it reset.",
  },
  second_factor_needed: {
    kind: "mistake",
    status: 401,
    title: "The account is asked for a second factor",
    remedy: "Send the same request with a code of the account's authenticator app, or a recovery code.",
  },
  wrong_code: {
    kind: "mistake",
    status: 422,
    title: "The second factor's code does not count",
    remedy: "Wait for the app's next code, or use another recovery code.",
  },
  weak_password: {
    kind: "mistake",
    status: 422,
    title: "The password is guessed easily",
    remedy: "Choose another: a few unrelated words are long and easy to keep.",
  },
  invalid_token: {
    kind: "mistake",
    status: 422,
    title: "The mailed link does not count any more",
    remedy: "Ask for another mail, and use the newest.",
  },
  identity_taken: {
    kind: "mistake",
    status: 409,
    title: "This signs in to an account already",
    remedy: "Sign in with it, or unlink it there first.",
  },
  last_identity: {
    kind: "mistake",
    status: 409,
    title: "Nothing else signs in to the account",
    remedy: "Join another way to sign in to the account first.",
  },
  too_many_of_these: {
    kind: "mistake",
    status: 409,
    title: "There are as many of these as there may be",
    remedy: "Delete one that is not needed any more.",
  },
  wallet_needed: {
    kind: "mistake",
    status: 409,
    title: "The account has no wallet",
    remedy: "Link a wallet to the account: what is bought and earned is a wallet's.",
  },
  forbidden: { kind: "mistake", status: 403, title: "This is not yours", remedy: "Use the account that owns it." },
  // Agents
  invalid_manifest: {
    kind: "mistake",
    status: 422,
    title: "The manifest is not valid",
    remedy: "Mend the named field; docs/agents.md describes each.",
  },
  invalid_artifact: {
    kind: "mistake",
    status: 422,
    title: "The artifact cannot be admitted",
    remedy: "Rebuild it with only the imports docs/agents.md allows.",
  },
  build_failed: {
    kind: "mistake",
    status: 422,
    title: "The agent cannot be built",
    remedy: "Mend what the compiler names, or install the compiler that is missing.",
  },
  artifact_missing: {
    kind: "mistake",
    status: 422,
    title: "The artifact was not uploaded",
    remedy: "Upload the artifact with the manifest's hash first.",
  },
  version_exists: {
    kind: "mistake",
    status: 409,
    title: "This version was published with other content",
    remedy: "Raise the manifest's version.",
  },
  // Tasks and orders
  unknown_capability: {
    kind: "mistake",
    status: 422,
    title: "No agent offers this capability",
    remedy: "See `stoa agent list` for what is offered.",
  },
  input_mismatch: {
    kind: "mistake",
    status: 422,
    title: "The input does not match the agents' schema",
    remedy: "Compare the input with the agent's input schema.",
  },
  insufficient_funds: {
    kind: "mistake",
    status: 402,
    title: "The account or wallet holds less than is asked of it",
    remedy: "Bring in more money, or ask for less; on a local chain `--test-money` makes some.",
  },
  invalid_price: {
    kind: "mistake",
    status: 422,
    title: "The maximum price is not allowed",
    remedy: "Give a price above zero and within the market's bounds.",
  },
  invalid_deadline: {
    kind: "mistake",
    status: 422,
    title: "A deadline of the order is not allowed",
    remedy:
      "Set the deadlines in the future and in order: startBy < deliverBy < settleBy, within the withdrawal delay.",
  },
  invalid_order: {
    kind: "mistake",
    status: 422,
    title: "The order does not fit this market",
    remedy: "Build the order from /api/v1/market: operator, token, fee and chain.",
  },
  wrong_signature: {
    kind: "mistake",
    status: 422,
    title: "A signature does not match its signer",
    remedy: "Sign the exact typed data with the key named in it.",
  },
  invalid_credential: {
    kind: "mistake",
    status: 422,
    title: "A credential does not count",
    remedy: "Ask its issuer for one that is signed by its DID, in force and not revoked.",
  },
  session_key_limit: {
    kind: "mistake",
    status: 422,
    title: "The session key may not sign this",
    remedy: "Authorise a session key with higher limits or a later expiry.",
  },
  nonce_used: {
    kind: "mistake",
    status: 409,
    title: "The order's nonce was used before",
    remedy: "Sign a new order with a fresh nonce.",
  },
  wrong_state: {
    kind: "mistake",
    status: 409,
    title: "Its state does not admit this",
    remedy: "Look at its state; docs/architecture.md has the life cycle of tasks.",
  },
  // Workflows
  invalid_workflow: {
    kind: "mistake",
    status: 422,
    title: "The workflow cannot be carried out",
    remedy: "Mend the named place of the specification; docs/workflows.md describes each.",
  },
  budget_exhausted: {
    kind: "mistake",
    status: 402,
    title: "The budget does not cover this any more",
    remedy: "Order less under it, or give a larger budget.",
  },
  // Bids and nodes
  unknown_node: {
    kind: "mistake",
    status: 403,
    title: "The node is not linked to a provider",
    remedy: "Link the node's key with its provider's wallet: `stoa node start` does it.",
  },
  stake_too_small: {
    kind: "mistake",
    status: 403,
    title: "The node's stake does not cover its bond",
    remedy: "Stake more for the node.",
  },
  round_open: {
    kind: "mistake",
    status: 409,
    title: "The round is still open",
    remedy: "Ask again once the round has closed; its bids are sealed until then.",
  },
  round_closed: { kind: "mistake", status: 409, title: "The round is closed", remedy: "Wait for the next round." },
  not_announced: {
    kind: "mistake",
    status: 422,
    title: "The task was not announced to this node in this round",
    remedy: "Bid only on the tasks of the round's opening.",
  },
  invalid_bid: {
    kind: "mistake",
    status: 422,
    title: "The bid is not valid",
    remedy: "Bid with a version you host, at a non-negative integer cost.",
  },
  conflicting_bids: {
    kind: "mistake",
    status: 409,
    title: "The node answered this round before, with another message",
    remedy: "One signed answer per round; a second one is evidence against the node.",
  },
  outbid: {
    kind: "mistake",
    status: 409,
    title: "The bid does not undercut the lead",
    remedy: "Bid the next number, at least the auction's decrement below the lead it names.",
  },
  auction_open: {
    kind: "mistake",
    status: 409,
    title: "The auction is still open",
    remedy: "Its bids are public already; ask for its record once it has closed.",
  },
  auction_closed: {
    kind: "mistake",
    status: 409,
    title: "The auction is closed",
    remedy: "Wait for the next auction.",
  },
  not_assigned: {
    kind: "mistake",
    status: 403,
    title: "The task is not assigned to this node",
    remedy: "Nothing to do: another node has it.",
  },
  wrong_hash: {
    kind: "mistake",
    status: 422,
    title: "The content does not match its hash",
    remedy: "Hash the exact canonical bytes that are sent.",
  },
  invalid_record: {
    kind: "mistake",
    status: 422,
    title: "The round's public record does not check out",
    remedy: "Compare the record's hash with its anchor; the operator must answer for the difference.",
  },
  // The sandbox
  execution_failed: {
    kind: "mistake",
    status: 422,
    title: "The agent failed",
    remedy: "Look at the execution's logs.",
  },
  // Payment channels
  voucher_refused: {
    kind: "mistake",
    status: 402,
    title: "The voucher does not pay for this",
    remedy: "Sign one for the sum of all before it and the price, on an open channel that holds as much.",
  },
  // Faults worth retrying
  database_unavailable: {
    kind: "retry",
    status: 503,
    title: "The database is away",
    remedy: "Nothing was lost; try again shortly.",
  },
  chain_unavailable: {
    kind: "retry",
    status: 503,
    title: "The chain's RPC is away",
    remedy: "Nothing was lost; settlement goes on when it is back.",
  },
  provider_unavailable: {
    kind: "retry",
    status: 503,
    title: "The site to sign in by is away",
    remedy: "Try again shortly, or sign in another way.",
  },
  server_unavailable: {
    kind: "retry",
    status: 503,
    title: "The server is away or stopping",
    remedy: "Check the address, start it with `npm start`, and try again.",
  },
  store_unavailable: {
    kind: "retry",
    status: 503,
    title: "The object store is away",
    remedy: "Nothing was lost; try again shortly.",
  },
  embedder_unavailable: {
    kind: "retry",
    status: 503,
    title: "The embedder is away",
    remedy: "Look at STOA_EMBEDDER_URL and what it says; agents are found by their words meanwhile.",
  },
  signer_unavailable: {
    kind: "retry",
    status: 503,
    title: "The external signer is away",
    remedy: "Start it or unlock its key; nothing was sent, and it is tried again.",
  },
  signer_refused: {
    kind: "mistake",
    status: 422,
    title: "The external signer refuses the transaction",
    remedy: "Look at the signer's rules and log: it said no, or answered another transaction than it was asked for.",
  },
  chain_rejected: {
    kind: "mistake",
    status: 422,
    title: "The chain refuses the transaction",
    remedy: "Mend what the contract's reason in the message names, then send it again.",
  },
  chain_reorganised: {
    kind: "retry",
    status: 503,
    title: "The chain reorganised deeper than its confirmations",
    remedy: "Raise STOA_CHAIN_CONFIRMATIONS; an operator must reconcile the ledger.",
  },
  upload_conflict: {
    kind: "mistake",
    status: 409,
    title: "The piece does not go on where the upload is",
    remedy: "Ask how far it is (HEAD), and send what is missing from there on, one piece at a time.",
  },
  archive_blocked: {
    kind: "mistake",
    status: 409,
    title: "The partition cannot be archived or restored now",
    remedy: "Try again when what the message names is over; `archive-main.ts list` shows every partition.",
  },
  data_locked: {
    kind: "mistake",
    status: 409,
    title: "Another process uses this data folder",
    remedy: "Stop the other process, or choose another folder (STOA_DATA, or --data).",
  },
  invalid_configuration: {
    kind: "mistake",
    status: 500,
    title: "The configuration is not valid",
    remedy: "docs/configuration.md lists every variable.",
  },
  internal: {
    kind: "bug",
    status: 500,
    title: "A fault of ours",
    remedy: "Nothing was charged; report it with the request id.",
  },
} as const satisfies Record<string, ErrorDefinition>;

export type ErrorCode = keyof typeof errorCodes;

/** The base of every error Stoa throws on purpose: a stable code, a short message, the remedy, a cause. */
export class StoaError extends Error {
  readonly code: ErrorCode;
  readonly details: Record<string, unknown> | undefined;

  constructor(code: ErrorCode, message: string, options: { cause?: unknown; details?: Record<string, unknown> } = {}) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    this.name = "StoaError";
    this.code = code;
    this.details = options.details;
  }

  get definition(): ErrorDefinition {
    return errorCodes[this.code];
  }

  get docs(): string {
    return `docs/errors.md#${this.code}`;
  }
}
