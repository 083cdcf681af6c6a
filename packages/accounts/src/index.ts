export type { Credentials } from "./authenticate.ts";
export { MIN_SECRET_LENGTH, openAccounts } from "./open-accounts.ts";
export type { Accounts, AccountsOptions } from "./open-accounts.ts";
export type { OidcProvider } from "./oidc/oidc-providers.ts";
export { accessOf, authorize, policy } from "./policy.ts";
export type { Access } from "./policy.ts";
export type { Principal } from "./principal.ts";
export type { Client } from "./sessions/client.ts";
