import type {
  Address,
  ApiKey,
  KeyRequest,
  NewApiKey,
  NonceResponse,
  Role,
  SessionTokens,
  SignedIn,
} from "@stoa/protocol";
import { StoaError } from "@stoa/protocol";
import type { Database } from "@stoa/store";
import type { AccountsContext } from "./accounts-context.ts";
import { authenticate, type Credentials } from "./authenticate.ts";
import { confirmPrincipal } from "./oversight/confirm-principal.ts";
import { type AccountFilter, type AccountRow, listAccounts } from "./oversight/list-accounts.ts";
import { ensureAdmins, setRoles } from "./oversight/set-roles.ts";
import { type AccountAct, restoreAccount, suspendAccount } from "./oversight/suspend-account.ts";
import { Suspensions } from "./oversight/suspensions.ts";
import { createKey } from "./keys/create-key.ts";
import { listKeys } from "./keys/list-keys.ts";
import { revokeKey } from "./keys/revoke-key.ts";
import { openLibrary } from "./library.ts";
import type { Principal } from "./principal.ts";
import { accessTokenKey } from "./sessions/access-token.ts";
import { refreshSession } from "./sessions/refresh-session.ts";
import { signOut } from "./sessions/sign-out.ts";
import { createNonce } from "./sign-in/create-nonce.ts";
import { ensureAccount } from "./sign-in/ensure-account.ts";
import { signIn } from "./sign-in/sign-in.ts";

/** Shortest secret that signs tokens. */
export const MIN_SECRET_LENGTH = 32;

export interface AccountsOptions {
  /** Migrated. */
  database: Database;
  /** At least {@link MIN_SECRET_LENGTH} random characters; the same on every server process. */
  secret: string;
  /** Where clients reach the server, such as https://market.example. */
  baseUrl: string;
  /** What sign-in messages name as their domain; the base URL's host when absent. */
  domain?: string;
  chainId: number;
  /** Epoch milliseconds. */
  now?: () => number;
}

/** Sign-in, sessions and keys. Each operation's errors stand with its function. */
export interface Accounts {
  createNonce(): Promise<NonceResponse>;
  signIn(message: string, signature: string): Promise<SessionTokens>;
  refresh(refreshToken: string): Promise<SessionTokens>;
  signOut(principal: Principal): Promise<void>;
  authenticate(credentials: Credentials): Promise<Principal | null>;
  ensureAccount(wallet: Address): Promise<SignedIn>;
  /** The caller by the database's word of this moment. */
  confirm(principal: Principal): Promise<Principal>;
  listAccounts(filter: AccountFilter): Promise<AccountRow[]>;
  setRoles(act: AccountAct & { roles: readonly Role[] }): Promise<void>;
  ensureAdmins(wallets: readonly Address[]): Promise<void>;
  suspendAccount(act: AccountAct): Promise<void>;
  restoreAccount(act: AccountAct): Promise<void>;
  createKey(accountId: string, request: KeyRequest): Promise<NewApiKey>;
  listKeys(accountId: string): Promise<ApiKey[]>;
  revokeKey(accountId: string, keyId: string): Promise<void>;
}

/**
 * Opens sign-in over the market's database.
 * @throws {StoaError} `invalid_configuration` for a short secret or a base URL that is none
 */
export function openAccounts(options: AccountsOptions): Accounts {
  const { database, secret, chainId } = options;
  if (secret.length < MIN_SECRET_LENGTH) {
    throw new StoaError(
      "invalid_configuration",
      `the secret has ${secret.length} characters, at least ${MIN_SECRET_LENGTH} are needed`,
    );
  }
  if (!URL.canParse(options.baseUrl))
    throw new StoaError("invalid_configuration", `the base URL ${options.baseUrl} is not a URL`);
  const baseUrl = new URL(options.baseUrl).origin;
  const domain = options.domain ?? new URL(baseUrl).host;
  const context: AccountsContext = {
    database,
    library: openLibrary({ database, secret, baseUrl, domain }),
    suspensions: new Suspensions(database),
    tokenKey: accessTokenKey(secret),
    domain,
    baseUrl,
    chainId,
    now: options.now ?? Date.now,
  };
  return {
    createNonce: () => createNonce(context),
    signIn: (message, signature) => signIn(context, message, signature),
    refresh: (refreshToken) => refreshSession(context, refreshToken),
    signOut: (principal) => signOut(context, principal),
    authenticate: (credentials) => authenticate(context, credentials),
    ensureAccount: (wallet) => ensureAccount(context, wallet),
    confirm: (principal) => confirmPrincipal(context, principal),
    listAccounts: (filter) => listAccounts(context, filter),
    setRoles: (act) => setRoles(context, act),
    ensureAdmins: (wallets) => ensureAdmins(context, wallets),
    suspendAccount: (act) => suspendAccount(context, act),
    restoreAccount: (act) => restoreAccount(context, act),
    createKey: (accountId, request) => createKey(context, accountId, request),
    listKeys: (accountId) => listKeys(context, accountId),
    revokeKey: (accountId, keyId) => revokeKey(context, accountId, keyId),
  };
}
