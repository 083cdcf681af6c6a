import type {
  Address,
  ApiKey,
  Identities,
  KeyRequest,
  LinkedWallet,
  LinkNonce,
  MailSent,
  NewApiKey,
  NonceResponse,
  Passkey,
  PasskeyMade,
  PasskeyOptions,
  PasskeySigned,
  OidcStart,
  PasswordSignIn,
  RecoveryCodes,
  Role,
  SecondFactorRequest,
  SecondFactorSetup,
  ServiceAccount,
  SessionTokens,
  SignedIn,
  SignedInSession,
} from "@stoa/protocol";
import { StoaError } from "@stoa/protocol";
import type { Database } from "@stoa/store";
import { verifyMessage } from "viem";
import type { AccountsContext } from "./accounts-context.ts";
import { authenticate, type Credentials } from "./authenticate.ts";
import { confirmPrincipal } from "./oversight/confirm-principal.ts";
import { type AccountFilter, type AccountRow, listAccounts } from "./oversight/list-accounts.ts";
import { ensureAdmins, setRoles } from "./oversight/set-roles.ts";
import { type AccountAct, restoreAccount, suspendAccount } from "./oversight/suspend-account.ts";
import { Suspensions } from "./oversight/suspensions.ts";
import { changePassword } from "./email/change-password.ts";
import { confirmEmail } from "./email/confirm-email.ts";
import { requestEmail, requestSignUp } from "./email/request-email.ts";
import { requestReset, resetPassword } from "./email/reset-password.ts";
import { signInByPassword } from "./email/sign-in-by-password.ts";
import { listIdentities } from "./identities/list-identities.ts";
import { createKey } from "./keys/create-key.ts";
import { listKeys } from "./keys/list-keys.ts";
import { revokeKey } from "./keys/revoke-key.ts";
import { openLibrary } from "./library.ts";
import { linkOidc } from "./oidc/link-oidc.ts";
import { type OidcProvider, openOidcProviders } from "./oidc/oidc-providers.ts";
import type { OidcReturn } from "./oidc/prove-person.ts";
import { signInByOidc } from "./oidc/sign-in-by-oidc.ts";
import { startOidc } from "./oidc/start-oidc.ts";
import { unlinkOidc } from "./oidc/unlink-oidc.ts";
import { addPasskey } from "./passkeys/add-passkey.ts";
import { removePasskey } from "./passkeys/remove-passkey.ts";
import { signInByPasskey } from "./passkeys/sign-in-by-passkey.ts";
import { startPasskeySignIn } from "./passkeys/start-passkey-sign-in.ts";
import { startPasskey } from "./passkeys/start-passkey.ts";
import type { Principal } from "./principal.ts";
import { beginSecondFactor } from "./second-factor/begin-second-factor.ts";
import { confirmSecondFactor } from "./second-factor/confirm-second-factor.ts";
import { endSecondFactor } from "./second-factor/end-second-factor.ts";
import { renewRecoveryCodes } from "./second-factor/renew-recovery-codes.ts";
import { signInByCode } from "./second-factor/sign-in-by-code.ts";
import { createServiceAccount } from "./service-accounts/create-service-account.ts";
import { deleteServiceAccount } from "./service-accounts/delete-service-account.ts";
import { listServiceAccounts } from "./service-accounts/list-service-accounts.ts";
import { accessTokenKey } from "./sessions/access-token.ts";
import type { Client } from "./sessions/client.ts";
import { endOtherSessions, endSession } from "./sessions/end-sessions.ts";
import { listSessions } from "./sessions/list-sessions.ts";
import { openLiveSessions } from "./sessions/live-sessions.ts";
import { refreshSession } from "./sessions/refresh-session.ts";
import { signOut } from "./sessions/sign-out.ts";
import { chooseMainWallet } from "./wallets/choose-main-wallet.ts";
import { createLinkNonce, createNonce } from "./wallets/create-nonce.ts";
import { ensureAccount } from "./wallets/ensure-account.ts";
import { linkWallet } from "./wallets/link-wallet.ts";
import { signInByWallet } from "./wallets/sign-in-by-wallet.ts";
import { unlinkWallet } from "./wallets/unlink-wallet.ts";
import type { VerifyEthereum } from "./wallets/verify-signature.ts";

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
  /** Asks the chain whether a message is an account's, a contract's too; by the key alone when absent. */
  verifyEthereum?: VerifyEthereum;
  /** Sites that people may sign in by; none when absent. */
  oidcProviders?: readonly OidcProvider[];
  /** Epoch milliseconds. */
  now?: () => number;
}

/** A message and its signature by a wallet. */
interface Signed {
  message: string;
  signature: `0x${string}`;
}

/** Sign-in, sessions, identities and keys. Each operation's errors stand with its function. */
export interface Accounts {
  authenticate(credentials: Credentials): Promise<Principal | null>;
  createNonce(): Promise<NonceResponse>;
  signInByWallet(signed: Signed, client: Client): Promise<SessionTokens>;
  requestSignUp(request: { email: string; password: string }, client: Client): Promise<MailSent>;
  requestEmail(principal: Principal, request: { email: string; password: string }): Promise<MailSent>;
  confirmEmail(token: string): Promise<void>;
  signInByPassword(request: PasswordSignIn, client: Client): Promise<SessionTokens>;
  requestReset(email: string, client: Client): Promise<MailSent>;
  resetPassword(token: string, password: string): Promise<void>;
  changePassword(principal: Principal, request: { current: string; password: string }): Promise<void>;
  refresh(refreshToken: string): Promise<SessionTokens>;
  signOut(principal: Principal): Promise<void>;
  listSessions(principal: Principal): Promise<SignedInSession[]>;
  endSession(principal: Principal, id: string): Promise<void>;
  endOtherSessions(principal: Principal): Promise<void>;
  listIdentities(principal: Principal): Promise<Identities>;
  beginSecondFactor(principal: Principal, request: { password?: string }): Promise<SecondFactorSetup>;
  confirmSecondFactor(principal: Principal, code: string): Promise<void>;
  renewRecoveryCodes(principal: Principal, request: SecondFactorRequest): Promise<RecoveryCodes>;
  endSecondFactor(principal: Principal, request: SecondFactorRequest): Promise<void>;
  signInByCode(request: { ticket: string; code: string }, client: Client): Promise<SessionTokens>;
  listOidcProviders(): { id: string; name: string }[];
  startOidc(provider: string, principal: Principal | null): Promise<OidcStart>;
  signInByOidc(provider: string, given: OidcReturn, client: Client): Promise<SessionTokens>;
  linkOidc(principal: Principal, provider: string, given: OidcReturn): Promise<void>;
  unlinkOidc(principal: Principal, id: string): Promise<void>;
  startPasskey(principal: Principal): Promise<PasskeyOptions>;
  addPasskey(principal: Principal, made: PasskeyMade): Promise<Passkey>;
  removePasskey(principal: Principal, id: string): Promise<void>;
  startPasskeySignIn(): Promise<PasskeyOptions>;
  signInByPasskey(credential: PasskeySigned["credential"], client: Client): Promise<SessionTokens>;
  createLinkNonce(principal: Principal): Promise<LinkNonce>;
  linkWallet(principal: Principal, signed: Signed): Promise<LinkedWallet>;
  unlinkWallet(principal: Principal, id: string): Promise<void>;
  chooseMainWallet(principal: Principal, id: string): Promise<void>;
  ensureAccount(wallet: Address): Promise<SignedIn>;
  /** The caller by the database's word of this moment. */
  confirm(principal: Principal): Promise<Principal>;
  listAccounts(filter: AccountFilter): Promise<AccountRow[]>;
  setRoles(act: AccountAct & { roles: readonly Role[] }): Promise<void>;
  ensureAdmins(wallets: readonly Address[]): Promise<void>;
  suspendAccount(act: AccountAct): Promise<void>;
  restoreAccount(act: AccountAct): Promise<void>;
  createServiceAccount(principal: Principal, name: string): Promise<ServiceAccount>;
  listServiceAccounts(principal: Principal): Promise<ServiceAccount[]>;
  deleteServiceAccount(principal: Principal, id: string): Promise<void>;
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
  const now = options.now ?? Date.now;
  const context: AccountsContext = {
    database,
    library: openLibrary({ database, secret, baseUrl }),
    liveSessions: openLiveSessions(database, now),
    suspensions: new Suspensions(database),
    oidc: openOidcProviders(options.oidcProviders ?? []),
    verifyEthereum: options.verifyEthereum ?? verifyMessage,
    tokenKey: accessTokenKey(secret),
    domain,
    baseUrl,
    chainId,
    now,
  };
  const bind = <Args extends unknown[], Result>(operation: (context: AccountsContext, ...args: Args) => Result) => {
    return (...args: Args): Result => operation(context, ...args);
  };
  return {
    authenticate: bind(authenticate),
    createNonce: bind(createNonce),
    signInByWallet: bind(signInByWallet),
    requestSignUp: bind(requestSignUp),
    requestEmail: bind(requestEmail),
    confirmEmail: bind(confirmEmail),
    signInByPassword: bind(signInByPassword),
    requestReset: bind(requestReset),
    resetPassword: bind(resetPassword),
    changePassword: bind(changePassword),
    refresh: bind(refreshSession),
    signOut: bind(signOut),
    listSessions: bind(listSessions),
    endSession: bind(endSession),
    endOtherSessions: bind(endOtherSessions),
    listIdentities: bind(listIdentities),
    beginSecondFactor: bind(beginSecondFactor),
    confirmSecondFactor: bind(confirmSecondFactor),
    renewRecoveryCodes: bind(renewRecoveryCodes),
    endSecondFactor: bind(endSecondFactor),
    signInByCode: bind(signInByCode),
    listOidcProviders: () => context.oidc.list().map(({ id, name }) => ({ id, name })),
    startOidc: bind(startOidc),
    signInByOidc: bind(signInByOidc),
    linkOidc: bind(linkOidc),
    unlinkOidc: bind(unlinkOidc),
    startPasskey: bind(startPasskey),
    addPasskey: bind(addPasskey),
    removePasskey: bind(removePasskey),
    startPasskeySignIn: bind(startPasskeySignIn),
    signInByPasskey: bind(signInByPasskey),
    createLinkNonce: bind(createLinkNonce),
    linkWallet: bind(linkWallet),
    unlinkWallet: bind(unlinkWallet),
    chooseMainWallet: bind(chooseMainWallet),
    ensureAccount: bind(ensureAccount),
    confirm: bind(confirmPrincipal),
    listAccounts: bind(listAccounts),
    setRoles: bind(setRoles),
    ensureAdmins: bind(ensureAdmins),
    suspendAccount: bind(suspendAccount),
    restoreAccount: bind(restoreAccount),
    createServiceAccount: bind(createServiceAccount),
    listServiceAccounts: bind(listServiceAccounts),
    deleteServiceAccount: bind(deleteServiceAccount),
    createKey: bind(createKey),
    listKeys: bind(listKeys),
    revokeKey: bind(revokeKey),
  };
}
