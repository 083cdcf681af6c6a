import type { Accounts } from "@stoa/accounts";
import type { GaslessService } from "@stoa/chain";
import type { TaskTraces } from "@stoa/host";
import type { Market } from "@stoa/market";
import type { ChainSync, MarketInfo } from "@stoa/protocol";
import type { Database } from "@stoa/store";
import type { Logger } from "pino";
import type { Registry } from "prom-client";
import type { Mailbox } from "../mail/mailbox.ts";
import type { Quotes } from "../quotes/open-quotes.ts";
import type { Search } from "../search/open-search.ts";
import type { ObjectStore } from "../objects/object-store.ts";
import type { LiveSettings } from "../settings/live-settings.ts";
import type { Uploads } from "../uploads/open-uploads.ts";

/** What the HTTP side of the server is given. */
export interface HttpContext {
  database: Database;
  market: Pick<
    Market,
    | "submitTask"
    | "cancelTask"
    | "retryTask"
    | "acceptTask"
    | "grantSubtasks"
    | "submitWorkflow"
    | "cancelWorkflow"
    | "publishAgent"
    | "retireAgent"
    | "suspendAgent"
    | "restoreAgent"
    | "suspendNode"
    | "restoreNode"
    | "announce"
    | "endAnnouncement"
    | "changeSetting"
    | "retrySettlement"
    | "now"
    | "events"
  >;
  accounts: Accounts;
  objects: ObjectStore;
  uploads: Uploads;
  settings: LiveSettings;
  quotes: Pick<Quotes, "ask">;
  search: Pick<Search, "search">;
  /** Pays the gas of wallets that have none; null when this market pays nobody's. */
  gasless: GaslessService | null;
  /** The mails that were not sent, for the machine itself to read; null where there is none to show. */
  mailbox: Mailbox | null;
  /** What `GET /api/v1/market` answers now. */
  info(): MarketInfo;
  /** What `GET /api/v1/market/chain` answers now. */
  chainSync(): Promise<ChainSync>;
  log: Logger;
  metrics: Registry;
  traces: TaskTraces;
  /** What must be well for the server to be ready, by name; a check that rejects says what is wrong. */
  checks: Readonly<Record<string, () => Promise<void>>>;
  /** The folder of the web page served at `/`. */
  webRoot: string;
  /**
   * Requests a minute one address may make, quotes and sponsored operations' calls one account; unset takes the defaults
   * beside their routes. The Redis, where there is one, counts an address's requests for all servers together.
   */
  rateLimits?: { all?: number; signIn?: number; quotes?: number; gasless?: number; redisUrl?: string | undefined };
  /** Addresses of the proxies in front, which say who the client is. */
  trustProxy?: string[];
  /** Origins whose pages may call the API, beside the server's own. */
  corsOrigins?: string[];
}
