import { accessOf, type Accounts, authorize, type Client, type Principal } from "@stoa/accounts";
import { type Address, StoaError } from "@stoa/protocol";
import type { FastifyRequest } from "fastify";
import type { App } from "./app.ts";

const LOOPBACK = new Set(["127.0.0.1", "::1", "::ffff:127.0.0.1"]);
const LOOPBACK_NAMES = new Set(["127.0.0.1", "[::1]", "localhost"]);

/** Finds out who each request comes from, and holds it to the policy. A route the policy does not know fails to register. */
export function addAuthentication(app: App, accounts: Accounts): void {
  app.decorateRequest("principal", null);
  const decided = new Set<string>();
  app.decorate("decidedRoutes", decided);
  app.addHook("onRoute", (route) => {
    for (const method of [route.method].flat()) {
      route.config = { ...route.config, access: accessOf(method, route.url) };
      decided.add(`${method} ${route.url}`);
    }
  });
  app.addHook("onRequest", async (request) => {
    const { access } = request.routeOptions.config;
    if (request.is404) return;
    if (!access)
      throw new StoaError(
        "internal",
        `nobody decided who may call ${request.method} ${request.routeOptions.url ?? ""}`,
      );
    const principal = await principalOf(accounts, request);
    request.principal = access.who === "admin" && principal ? await accounts.confirm(principal) : principal;
    authorize(access, request.principal, isLocal(request));
  });
}

function principalOf(accounts: Accounts, request: FastifyRequest): Promise<Principal | null> {
  const apiKey = request.headers["x-api-key"];
  return accounts.authenticate({
    authorization: request.headers.authorization,
    apiKey: Array.isArray(apiKey) ? apiKey[0] : apiKey,
  });
}

/**
 * Whether a request comes from this machine itself, and not through a proxy on it; nor from a page of another site, whose
 * name was made to point here.
 */
function isLocal({ socket, headers }: FastifyRequest): boolean {
  if (headers["x-forwarded-for"] !== undefined || headers.forwarded !== undefined) return false;
  return LOOPBACK.has(socket.remoteAddress ?? "") && LOOPBACK_NAMES.has((headers.host ?? "").replace(/:\d+$/, ""));
}

/**
 * The signed-in caller of a route whose policy asks for one.
 * @throws {StoaError} `unauthorized` when there is none
 */
export function callerOf(request: FastifyRequest): Principal {
  if (!request.principal) throw new StoaError("unauthorized", "the request says nothing about who it comes from");
  return request.principal;
}

/**
 * The wallet whose money the caller's account moves.
 * @throws {StoaError} `wallet_needed` when the account has none
 */
export function walletOf(request: FastifyRequest): Address {
  const { address } = callerOf(request);
  if (address === null) throw new StoaError("wallet_needed", "this needs a wallet, and the account has none");
  return address;
}

/** The caller as the audit log names it: by its wallet, or by its account when it has none. */
export function actorOf(request: FastifyRequest): string {
  const { address, accountId } = callerOf(request);
  return address ?? accountId;
}

/** Whom a request comes from, as its sessions show it. */
export function clientOf({ ip, headers }: FastifyRequest): Client {
  return { address: ip, userAgent: headers["user-agent"] ?? null };
}

/**
 * Checks that a thing is the caller's: a wallet's that is linked to the account.
 * @throws {StoaError} `forbidden`
 */
export function requireOwner(request: FastifyRequest, owner: Address, what: string): Principal {
  const caller = callerOf(request);
  if (!caller.wallets.includes(owner)) {
    const you = caller.address === null ? "your account has no wallet" : `you are ${caller.wallets.join(" and ")}`;
    throw new StoaError("forbidden", `${what} is ${owner}'s, ${you}`);
  }
  return caller;
}
