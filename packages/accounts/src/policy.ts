import type { Scope } from "@stoa/protocol";
import { StoaError } from "@stoa/protocol";
import type { Principal } from "./principal.ts";

/**
 * Who may call a route.
 * `public`: anyone, signed in or not. `account`: whoever is signed in, a key only with the scope.
 * `owner`: as `account`, and the route itself checks that the thing is the caller's.
 * `session`: who signed in, never a key. `admin`: an account with that role, a key only with that scope.
 * `operator`: an admin, or the machine itself. `machine`: the machine itself alone.
 */
export type Access =
  | { who: "public" }
  | { who: "account" | "owner"; scope: Scope }
  | { who: "account"; scope: null }
  | { who: "session" }
  | { who: "admin" }
  | { who: "operator" }
  | { who: "machine" };

const open: Access = { who: "public" };
const session: Access = { who: "session" };
const admin: Access = { who: "admin" };
const account = (scope: Scope | null): Access =>
  scope === null ? { who: "account", scope } : { who: "account", scope };
const owner = (scope: Scope): Access => ({ who: "owner", scope });

/** Every route of the server and who may call it. A route that is not here does not start. */
export const policy: Readonly<Record<string, Access>> = {
  "GET /*": open,
  "GET /health": open,
  "GET /ready": open,
  "GET /metrics": { who: "operator" },
  "GET /auth/confirm-email": open,
  "GET /auth/reset-password": open,
  "GET /auth/mail-link.js": open,
  "GET /auth/oidc/callback": open,
  "GET /auth/oidc-callback.js": open,
  "GET /mailbox": { who: "machine" },
  "GET /mailbox/:name": { who: "machine" },
  "GET /api/v1/health": open,
  "GET /api/v1/openapi.json": open,
  "GET /api/v1/docs": open,
  "GET /api/v1/docs/": open,
  "GET /api/v1/docs/static/*": open,
  "GET /api/v1/docs/static/index.html": open,
  "GET /api/v1/docs/static/swagger-initializer.js": open,
  "GET /api/v1/docs/json": open,
  "GET /api/v1/docs/yaml": open,
  "GET /api/v1/market": open,
  "GET /api/v1/market/chain": open,
  "POST /api/v1/gasless": session,
  "POST /api/v1/auth/siwe/nonce": open,
  "POST /api/v1/auth/siwe/verify": open,
  "POST /api/v1/auth/refresh": open,
  "POST /api/v1/auth/sign-out": session,
  "GET /api/v1/auth/session": account(null),
  "GET /api/v1/auth/keys": session,
  "POST /api/v1/auth/keys": session,
  "DELETE /api/v1/auth/keys/:id": session,
  "POST /api/v1/auth/email/sign-up": open,
  "POST /api/v1/auth/email/confirm": open,
  "POST /api/v1/auth/email/sign-in": open,
  "POST /api/v1/auth/email": session,
  "POST /api/v1/auth/password/forgot": open,
  "POST /api/v1/auth/password/reset": open,
  "PUT /api/v1/auth/password": session,
  "GET /api/v1/auth/sessions": session,
  "DELETE /api/v1/auth/sessions": session,
  "DELETE /api/v1/auth/sessions/:id": session,
  "GET /api/v1/auth/identities": session,
  "POST /api/v1/auth/wallets/nonce": session,
  "POST /api/v1/auth/wallets": session,
  "DELETE /api/v1/auth/wallets/:id": session,
  "PUT /api/v1/auth/wallets/:id/main": session,
  "POST /api/v1/auth/second-factor": session,
  "POST /api/v1/auth/second-factor/confirm": session,
  "POST /api/v1/auth/second-factor/recovery-codes": session,
  "POST /api/v1/auth/second-factor/end": session,
  "GET /api/v1/auth/oidc": open,
  "POST /api/v1/auth/oidc/:provider/start": open,
  "POST /api/v1/auth/oidc/:provider/sign-in": open,
  "POST /api/v1/auth/oidc/:provider/link": session,
  "POST /api/v1/auth/oidc/:provider/links": session,
  "DELETE /api/v1/auth/oidc/links/:id": session,
  "POST /api/v1/auth/second-factor/sign-in": open,
  "POST /api/v1/auth/passkeys/options": session,
  "POST /api/v1/auth/passkeys": session,
  "DELETE /api/v1/auth/passkeys/:id": session,
  "POST /api/v1/auth/passkeys/sign-in/options": open,
  "POST /api/v1/auth/passkeys/sign-in": open,
  "POST /api/v1/auth/service-accounts": session,
  "GET /api/v1/auth/service-accounts": session,
  "DELETE /api/v1/auth/service-accounts/:id": session,
  "PUT /api/v1/artifacts/:hash": account("agents:write"),
  "GET /api/v1/artifacts/:hash": open,
  "GET /api/v1/artifacts/:hash/upload": account("agents:write"),
  "PATCH /api/v1/artifacts/:hash/upload": account("agents:write"),
  "DELETE /api/v1/artifacts/:hash/upload": account("agents:write"),
  "POST /api/v1/agents": account("agents:write"),
  "GET /api/v1/agents": open,
  "GET /api/v1/agents/search": open,
  "GET /api/v1/agents/:versionId": open,
  "POST /api/v1/agents/:versionId/retire": owner("agents:write"),
  "POST /api/v1/tasks": owner("tasks:write"),
  "POST /api/v1/tasks/batch": owner("tasks:write"),
  "POST /api/v1/tasks/accept": owner("tasks:write"),
  "POST /api/v1/tasks/quote": open,
  "GET /api/v1/tasks": open,
  "GET /api/v1/tasks/:id": open,
  "GET /api/v1/tasks/:id/input": owner("tasks:read"),
  "GET /api/v1/tasks/:id/result": owner("tasks:read"),
  "GET /api/v1/tasks/:id/logs": owner("tasks:read"),
  "GET /api/v1/tasks/:id/subtasks": owner("tasks:read"),
  "POST /api/v1/tasks/:id/subtask-grant": owner("tasks:write"),
  "POST /api/v1/tasks/:id/cancel": owner("tasks:write"),
  "POST /api/v1/tasks/:id/retry": owner("tasks:write"),
  "POST /api/v1/tasks/:id/accept": owner("tasks:write"),
  "POST /api/v1/workflows": owner("tasks:write"),
  "GET /api/v1/workflows": account("tasks:read"),
  "GET /api/v1/workflows/:id": owner("tasks:read"),
  "GET /api/v1/workflows/:id/result": owner("tasks:read"),
  "POST /api/v1/workflows/:id/cancel": owner("tasks:write"),
  "GET /api/v1/auctions/rounds": open,
  "GET /api/v1/auctions/rounds/:id": open,
  "GET /api/v1/auctions/rounds/:id/bids": open,
  "GET /api/v1/auctions/rounds/:id/record": open,
  "GET /api/v1/auctions/chains/:capability": open,
  "GET /api/v1/auctions": open,
  "GET /api/v1/auctions/:id": open,
  "GET /api/v1/auctions/:id/bids": open,
  "GET /api/v1/auctions/:id/record": open,
  "GET /api/v1/nodes": open,
  "GET /api/v1/nodes/:id": open,
  "GET /api/v1/account": account("account:read"),
  "GET /api/v1/account/entries": account("account:read"),
  "GET /api/v1/announcements": open,
  "POST /api/v1/reports": account("account:read"),
  "GET /api/v1/admin/status": admin,
  "GET /api/v1/admin/audit": admin,
  "GET /api/v1/admin/accounts": admin,
  "PUT /api/v1/admin/accounts/:id/roles": admin,
  "POST /api/v1/admin/accounts/:id/suspend": admin,
  "POST /api/v1/admin/accounts/:id/restore": admin,
  "POST /api/v1/admin/agents/:versionId/suspend": admin,
  "POST /api/v1/admin/agents/:versionId/restore": admin,
  "POST /api/v1/admin/nodes/:id/suspend": admin,
  "POST /api/v1/admin/nodes/:id/restore": admin,
  "POST /api/v1/admin/announcements": admin,
  "POST /api/v1/admin/announcements/:id/end": admin,
  "GET /api/v1/admin/settings": admin,
  "PUT /api/v1/admin/settings/:name": admin,
  "GET /api/v1/admin/reports": admin,
  "POST /api/v1/admin/reports/:id/resolve": admin,
  "GET /api/v1/admin/dead-letters": admin,
  "POST /api/v1/admin/settlements/:taskId/retry": admin,
  "GET /api/v1/events": open,
  "GET /api/v1/events/stream": open,
};

/**
 * Who may call the route with this method and URL pattern.
 * @throws {RangeError} when the table does not have it: a route nobody decided about
 */
export function accessOf(method: string, pattern: string): Access {
  const key = `${method === "HEAD" ? "GET" : method} ${pattern}`;
  const access = policy[key];
  if (!access) throw new RangeError(`the policy has no line for ${key}`);
  return access;
}

/**
 * Checks that a caller may call a route at all; whether the thing is theirs is the route's question.
 * @param isLocal whether the request comes from the machine itself
 * @throws {StoaError} `unauthorized` without a sign-in, `forbidden` without the scope
 */
export function authorize(access: Access, principal: Principal | null, isLocal: boolean): void {
  if (access.who === "public") return;
  if (access.who === "machine") {
    if (isLocal) return;
    throw new StoaError("forbidden", "this is for whoever sits at the server's machine");
  }
  if (access.who === "operator") {
    if (isLocal || principal?.roles.includes("admin")) return;
    throw principal
      ? new StoaError("forbidden", "this is for the operator")
      : new StoaError("unauthorized", "this is for the operator");
  }
  if (!principal) throw new StoaError("unauthorized", "the request says nothing about who it comes from");
  if (access.who === "admin") {
    if (!principal.roles.includes("admin")) throw new StoaError("forbidden", "this is for admins");
    return requireScope(principal, "admin");
  }
  if (access.who === "session") {
    if (principal.via === "session") return;
    throw new StoaError("forbidden", "an API key may not do this: sign in to the account");
  }
  requireScope(principal, access.scope);
}

function requireScope(principal: Principal, scope: Scope | null): void {
  if (scope === null || principal.scopes === "all" || principal.scopes.includes(scope)) return;
  throw new StoaError("forbidden", `the key has the scopes ${principal.scopes.join(", ")}; this needs ${scope}`);
}
