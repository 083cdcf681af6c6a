import { noTraces } from "@stoa/host";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Accounts, openAccounts } from "@stoa/accounts";
import { encodeTyped, limits, type MarketInfo, type Scope } from "@stoa/protocol";
import type { Database } from "@stoa/store";
import { createMarketFixture, type MarketFixture } from "@stoa/testkit";
import { pino } from "pino";
import { Registry } from "prom-client";
import { Compile } from "typebox/schema";
import type { LocalAccount } from "viem/accounts";
import { createSiweMessage } from "viem/siwe";
import { buildApp } from "../../src/http/build-app.ts";
import type { HttpContext } from "../../src/http/http-context.ts";
import type { App } from "../../src/http/app.ts";
import { openMailbox } from "../../src/mail/mailbox.ts";
import { openQuotes } from "../../src/quotes/open-quotes.ts";
import { followSettings } from "../../src/settings/live-settings.ts";
import { openUploads } from "../../src/uploads/open-uploads.ts";
import type { EmbedderSettings } from "../../src/search/embedder.ts";
import { openSearch } from "../../src/search/open-search.ts";
import { openFolderStore } from "../../src/objects/folder-store.ts";
import { type ObjectStore, openObjectStore } from "../../src/objects/object-store.ts";

/** Stands in the dashboard's place: what is served there is not what these tests are about. */
const WEB_ROOT = join(import.meta.dirname, "web-root");
const CHAIN_ID = 31_337;

export interface Answer {
  status: number;
  headers: Headers;
  // Tests look at what they expect; a wrong shape fails there.
  // oxlint-disable-next-line typescript/no-explicit-any
  body: any;
}

export interface CallOptions {
  body?: unknown;
  /** Sent as it is, under `type`. */
  raw?: string | Uint8Array;
  type?: string;
  token?: string;
  key?: string;
  headers?: Record<string, string>;
}

/** A real server listening on a free port, over a market whose clock the test moves. */
export interface HttpFixture extends AsyncDisposable {
  readonly url: string;
  readonly app: App;
  readonly accounts: Accounts;
  readonly objects: ObjectStore;
  readonly market: MarketFixture;
  /** Everything the server logged so far. */
  readonly log: () => string;
  /** Calls the API, and checks that a JSON answer is what the API's description says. */
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  signIn(wallet: LocalAccount): Promise<string>;
  keyOf(wallet: LocalAccount, scopes: Scope[]): Promise<string>;
  /** An order as `POST /tasks` takes it. */
  orderBody(wallet: LocalAccount, plan?: Parameters<MarketFixture["order"]>[1]): Promise<Record<string, unknown>>;
}

export async function startHttp(
  database: Database,
  { embedder, ...change }: Partial<HttpContext> & { embedder?: EmbedderSettings } = {},
): Promise<HttpFixture> {
  const folder = await mkdtemp(join(tmpdir(), "stoa-http-"));
  const objects = openObjectStore({ large: openFolderStore(folder), database });
  const market = await createMarketFixture({ database });
  const baseUrl = "http://market.test";
  const accounts = openAccounts({
    database,
    secret: "a secret of more than thirty-two characters",
    baseUrl,
    chainId: CHAIN_ID,
  });
  const lines: string[] = [];
  const log = pino({ level: "debug" }, { write: (line: string) => lines.push(line) });
  const settings = await followSettings(database, market.market.events, log);
  const search = await openSearch({ database, market: market.market, log }, { embedder });
  const app = await buildApp({
    database,
    market: market.market,
    accounts,
    objects,
    uploads: openUploads({ folder: join(folder, "uploads"), objects, maxBytes: limits.imageBytes }),
    gasless: null,
    mailbox: openMailbox(join(folder, "mails")),
    search,
    quotes: openQuotes({
      database,
      market: market.market,
      hub: { online: () => new Map(), isConnected: () => false, send: () => false },
      servers: { id: "server-alone", ids: () => ["server-alone"] },
    }),
    info: () => infoOf(market),
    chainSync: async () => ({ chainId: 31_337, head: 9, firstBlock: 1, confirmations: 1, indexed: 9, ledger: null }),
    log,
    metrics: new Registry(),
    traces: noTraces,
    settings,
    checks: { database: async () => void (await database.query("select 1")) },
    webRoot: WEB_ROOT,
    ...change,
  });
  const url = await app.listen({ host: "127.0.0.1", port: 0 });
  const conforms = describedBy(app);

  async function call(method: string, path: string, options: CallOptions = {}): Promise<Answer> {
    const { body, raw, type, token, key, headers = {} } = options;
    const sent = raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const response = await fetch(new URL(path.startsWith("/") ? path : `/api/v1/${path}`, url), {
      method,
      headers: {
        ...(sent === undefined ? {} : { "content-type": type ?? "application/json" }),
        ...(token && { authorization: `Bearer ${token}` }),
        ...(key && { "x-api-key": key }),
        ...headers,
      },
      ...(sent === undefined ? {} : { body: sent as string }),
    });
    const bytes = Buffer.from(await response.arrayBuffer());
    const isJson = /json/.test(response.headers.get("content-type") ?? "") && bytes.length > 0;
    const parsed: unknown = isJson ? JSON.parse(bytes.toString()) : bytes;
    if (isJson) conforms(method, new URL(response.url).pathname, response.status, parsed);
    return { status: response.status, headers: response.headers, body: parsed };
  }

  async function signIn(wallet: LocalAccount): Promise<string> {
    const { body } = await call("POST", "auth/siwe/nonce", { body: { address: wallet.address } });
    const { nonce, domain, uri, chainId } = body as { nonce: string; domain: string; uri: string; chainId: number };
    const message = createSiweMessage({ address: wallet.address, nonce, domain, uri, chainId, version: "1" });
    const signed = await call("POST", "auth/siwe/verify", {
      body: { message, signature: await wallet.signMessage({ message }) },
    });
    return (signed.body as { accessToken: string }).accessToken;
  }

  return {
    url,
    app,
    accounts,
    objects,
    market,
    log: () => lines.join(""),
    call,
    signIn,
    async keyOf(wallet, scopes) {
      const { id } = await accounts.ensureAccount(wallet.address);
      return (await accounts.createKey(id, { name: "test", scopes })).key;
    },
    async orderBody(wallet, plan) {
      const { order, signature, session, spec, input } = await market.order(wallet, plan);
      return {
        order: encodeTyped("Order", order),
        signature,
        spec,
        input,
        ...(session && { session: { key: encodeTyped("SessionKey", session.key), signature: session.signature } }),
      };
    },
    async [Symbol.asyncDispose]() {
      await app.close();
      await search[Symbol.asyncDispose]();
      await market.market.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function infoOf({ terms, operator }: MarketFixture): MarketInfo {
  return {
    chainId: CHAIN_ID,
    vault: terms.domain.vault,
    token: { address: terms.token, symbol: "tUSD", decimals: 6 },
    operator: operator.address,
    feeBps: terms.feeBps,
    withdrawDelaySeconds: terms.withdrawDelaySeconds,
    challengeWindowSeconds: terms.challengeWindowSeconds,
    approvalWindowSeconds: terms.approvalWindowSeconds,
    roundWindowMs: terms.roundWindowMs,
    minBond: terms.minBond.toString(),
    ruleVersion: 1,
    limits: { ...limits },
    network: { addresses: [] },
    version: "0.0.0-test",
  };
}

interface Described {
  components: { schemas: Record<string, unknown> };
  paths: Record<
    string,
    Record<string, { responses: Record<string, { content?: Record<string, { schema: object }> }> }>
  >;
}

/** Checks answers against what the API says of itself. */
function describedBy(app: App) {
  const { paths, components } = app.swagger() as unknown as Described;
  const patterns = Object.entries(paths).map(([path, operations]) => ({
    pattern: new RegExp(`^${path.replaceAll(/\{[^}]+\}/g, "[^/]+")}$`),
    operations,
  }));
  return (method: string, path: string, status: number, body: unknown): void => {
    const operation = patterns.find(({ pattern }) => pattern.test(path))?.operations[method.toLowerCase()];
    if (!operation) return;
    const { content = {} } = operation.responses[status] ?? operation.responses["default"] ?? {};
    const schema = resolve(Object.values(content)[0]?.schema, components.schemas) as object | undefined;
    if (!schema) throw new Error(`${method} ${path} answered ${status}, which its description does not have`);
    const validator = Compile(schema);
    if (validator.Check(body)) return;
    const [, problems] = validator.Errors(body);
    throw new Error(
      `${method} ${path} answered ${status} with what its description does not allow: ${JSON.stringify(problems.slice(0, 3))}\n${JSON.stringify(body).slice(0, 500)}`,
    );
  };
}

/** A schema with what it refers to written out. */
function resolve(schema: unknown, named: Record<string, unknown>): unknown {
  if (Array.isArray(schema)) return schema.map((item) => resolve(item, named));
  if (typeof schema !== "object" || schema === null) return schema;
  const { $ref } = schema as { $ref?: string };
  if ($ref !== undefined) return resolve(named[$ref.split("/").at(-1) ?? ""], named);
  return Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, resolve(value, named)]));
}
