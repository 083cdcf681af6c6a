export type { Credentials } from "./authenticate.ts";
export { MIN_SECRET_LENGTH, openAccounts } from "./open-accounts.ts";
export type { Accounts, AccountsOptions } from "./open-accounts.ts";
export { accessOf, authorize, policy } from "./policy.ts";
export type { Access } from "./policy.ts";
export type { AccountFilter, AccountRow } from "./oversight/list-accounts.ts";
export type { AccountAct } from "./oversight/suspend-account.ts";
export type { Principal } from "./principal.ts";
