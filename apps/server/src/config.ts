import { join } from "node:path";
import type { OpenAuctionTerms } from "@stoa/core";
import { type TracingOptions, tracingSettings, tracingVariables } from "@stoa/host";
import { parseAddress, StoaError, type Address } from "@stoa/protocol";
import type { Span } from "@stoa/store";
import { ALL_PER_MINUTE, SIGN_IN_PER_MINUTE } from "./http/rate-limits.ts";
import type { S3Settings } from "./objects/s3-store.ts";

/** Every variable the server reads; docs/configuration.md is generated from this table. */
export const serverVariables = [
  { name: "STOA_DATA", description: "Folder of the embedded database, the objects and the keys.", default: "data" },
  {
    name: "DATABASE_URL",
    description: "A PostgreSQL server instead of the embedded database.",
    default: "none: embedded, in STOA_DATA",
  },
  {
    name: "STOA_S3_BUCKET",
    description:
      "Bucket of an S3-compatible store for large objects, with the credentials Amazon's SDKs find (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, a profile, a role).",
    default: "none: a folder in STOA_DATA",
  },
  {
    name: "STOA_S3_ENDPOINT",
    description: "Address of the S3-compatible server, such as https://s3.example.org.",
    default: "Amazon's",
  },
  { name: "STOA_S3_REGION", description: "Region of the bucket.", default: "us-east-1" },
  {
    name: "STOA_S3_PREFIX",
    description: "What the keys of objects begin with, when the bucket holds other things too.",
    default: "none",
  },
  { name: "STOA_HOST", description: "Address the HTTP server listens on.", default: "127.0.0.1" },
  { name: "STOA_PORT", description: "Port the HTTP server listens on; 0 takes a free one.", default: "8080" },
  { name: "STOA_PUBLIC_URL", description: "Where clients reach the server.", default: "http://STOA_HOST:STOA_PORT" },
  {
    name: "STOA_TRUST_PROXY",
    description: "Addresses or networks of the proxies in front that say who the client is, separated by commas.",
    default: "none: the client is who connects",
  },
  {
    name: "STOA_CORS_ORIGINS",
    description:
      "Origins whose pages may call the API from a browser, such as https://app.example.org, separated by commas.",
    default: "none but the server's own",
  },
  {
    name: "STOA_REQUESTS_PER_MINUTE",
    description: "Requests one address may make a minute.",
    default: String(ALL_PER_MINUTE),
  },
  {
    name: "STOA_SIGN_INS_PER_MINUTE",
    description: "Sign-ins, refreshes and changes of how accounts are signed in to, one address may ask for a minute.",
    default: String(SIGN_IN_PER_MINUTE),
  },
  {
    name: "REDIS_URL",
    description: "A Redis that counts the requests to all servers together, such as redis://localhost:6379.",
    default: "none: each server counts its own",
  },
  {
    name: "STOA_SMTP_URL",
    description:
      "Mail server that the market's mails go to, such as smtps://user:password@mail.example.org. On another machine it must offer encryption, unless the address ends in ?requireTLS=false.",
    default: "none: mails are kept in STOA_DATA/mails; at a loopback STOA_HOST, /mailbox shows them",
  },
  {
    name: "STOA_MAIL_FROM",
    description: "Whom the market's mails come from, such as Stoa <market@example.org>.",
    default: "Stoa <stoa@localhost>",
  },
  {
    name: "STOA_OIDC_FILE",
    description:
      "File of the sites that people may sign in by (OpenID Connect): a JSON list of { id, name, issuer, clientId, clientSecret }. They send people back to STOA_PUBLIC_URL/auth/oidc/callback.",
    default: "none",
  },
  {
    name: "STOA_NETWORK_LISTEN",
    description: "libp2p multiaddrs nodes dial, separated by commas.",
    default: "/ip4/127.0.0.1/tcp/0",
  },
  {
    name: "STOA_NETWORK_ANNOUNCE",
    description: "Multiaddrs to tell nodes instead, separated by commas.",
    default: "what it listens on",
  },
  { name: "STOA_RPC_URL", description: "JSON-RPC of the settlement chain.", default: "required" },
  { name: "STOA_PUBLISH_RPC", description: "Whether clients are told STOA_RPC_URL: yes or no.", default: "no" },
  { name: "STOA_VAULT", description: "The vault's address.", default: "required" },
  { name: "STOA_TOKEN", description: "The settlement token's address.", default: "required" },
  { name: "STOA_VAULT_BLOCK", description: "The block the vault was deployed in.", default: "0" },
  {
    name: "STOA_CHAIN_CONFIRMATIONS",
    description: "Blocks that must stand on an event before it counts.",
    default: "12",
  },
  {
    name: "STOA_MAX_FEE_GWEI",
    description: "The most the operator's transactions ever offer for a unit of gas, in gwei.",
    default: "500",
  },
  {
    name: "STOA_ANCHORS",
    description: "Address of the contract that the chains of rounds are anchored in.",
    default: "none: they are not anchored",
  },
  { name: "STOA_ANCHOR_SECONDS", description: "How often new rounds are anchored, at most.", default: "10" },
  {
    name: "STOA_SETTLE_SECONDS",
    description:
      "How long settlements are gathered before they go to the vault, those excepted whose task is past its deadline; 0: not at all.",
    default: "0",
  },
  {
    name: "STOA_PAYMASTER",
    description: "Address of the paymaster that pays the gas of wallets without ether; its sponsor is the operator.",
    default: "none: nobody's gas is paid",
  },
  {
    name: "STOA_SPONSORED",
    description: "Contracts whose calls are paid for beside the vault's and the nodes', separated by commas.",
    default: "none",
  },
  {
    name: "STOA_SPONSOR_ACCOUNT_GWEI",
    description: "What the operations of one wallet may cost at most in a day, in gwei of the chain's coin.",
    default: "50000000",
  },
  {
    name: "STOA_SPONSOR_DAY_GWEI",
    description: "What all sponsored operations may cost at most in a day, in gwei of the chain's coin.",
    default: "500000000",
  },
  {
    name: "STOA_BUNDLER_URL",
    description: "JSON-RPC of the bundler that brings sponsored operations to the chain.",
    default: "none: the operator brings them itself",
  },
  {
    name: "STOA_OPERATOR_KEY_FILE",
    description: "File of the operator's key (hex, or an encrypted keystore): signs awards and pays for settlement.",
    default: "operator.key in STOA_DATA/keys",
  },
  {
    name: "STOA_OPERATOR_PASSPHRASE_FILE",
    description: "File of the passphrase, when the operator's key is an encrypted keystore.",
    default: "none",
  },
  {
    name: "STOA_RUNNER_KEY_FILE",
    description: "File of the key that orders for workflows, within what their wallets sign; made when absent.",
    default: "runner.key in STOA_DATA/keys",
  },
  {
    name: "STOA_SECRET_FILE",
    description: "File of the secret that signs sessions; made when absent.",
    default: "secret in STOA_DATA/keys",
  },
  {
    name: "STOA_ADMINS",
    description: "Wallets whose accounts are admins, separated by commas; each such grant is in the audit log.",
    default: "none",
  },
  {
    name: "STOA_EMBEDDER_URL",
    description:
      "OpenAI-compatible API that makes vectors of texts, such as http://localhost:11434/v1: agents are then found by meaning too (docs/search.md).",
    default: "none: agents are found by words and near spellings",
  },
  { name: "STOA_EMBEDDER_MODEL", description: "The embedder's model.", default: "required with STOA_EMBEDDER_URL" },
  {
    name: "STOA_EMBEDDER_KEY_FILE",
    description: "File of the key the embedder asks for.",
    default: "none: it is asked without",
  },
  { name: "STOA_ROUND_WINDOW_MS", description: "Longest time a round waits for answers.", default: "150" },
  {
    name: "STOA_ROUND_RETRY_MS",
    description:
      "How long a task without a taker waits for its next round or auction; twice as long each time, up to 30000.",
    default: "2000",
  },
  {
    name: "STOA_OPEN_WINDOW_MS",
    description: "How long an open auction takes bids, unless late ones come.",
    default: "10000",
  },
  {
    name: "STOA_OPEN_SOFT_CLOSE_MS",
    description: "A bid of an open auction this close to its end moves the end by as much.",
    default: "2000",
  },
  {
    name: "STOA_OPEN_LONGEST_MS",
    description: "The longest an open auction takes, however many late bids come.",
    default: "60000",
  },
  {
    name: "STOA_OPEN_DECREMENT_BPS",
    description:
      "The least a bid of an open auction undercuts the lead by, in basis points of the reserve; from 10 on.",
    default: "100",
  },
  {
    name: "STOA_APPROVAL_SECONDS",
    description: "How long a requester has to accept before the claim goes on chain.",
    default: "3600",
  },
  { name: "STOA_MIN_BOND", description: "Least bond per slot, in the token's smallest unit.", default: "0" },
  {
    name: "STOA_NODE_GRACE_MS",
    description: "How long a node may be away before it loses its tasks.",
    default: "2000",
  },
  { name: "STOA_NODE_HEARTBEAT_MS", description: "Silence after which a node counts as away.", default: "6000" },
  {
    name: "STOA_PARTITION_SPAN",
    description: "How much time a new partition of the big tables covers: day or month.",
    default: "month",
  },
  {
    name: "STOA_ARCHIVE_AFTER_DAYS",
    description: "Age at which partitions move to the object store (docs/archive.md).",
    default: "never",
  },
  ...tracingVariables,
  { name: "STOA_LOG_LEVEL", description: "debug, info, warn, error or silent.", default: "info" },
] as const;

export type ServerVariable = (typeof serverVariables)[number]["name"];
export type ServerEnv = Partial<Record<ServerVariable, string>>;

/** Where everything is kept, and for how long at hand. */
export interface StorageConfig {
  dataFolder: string;
  databaseUrl: string | undefined;
  /** The bucket of large objects; undefined: a folder. */
  s3: S3Settings | undefined;
  partitionSpan: Span;
  /** Undefined: nothing is ever archived by itself. */
  archiveAfterDays: number | undefined;
}

export interface ServerConfig extends StorageConfig {
  host: string;
  port: number;
  trustProxy: string[];
  corsOrigins: string[];
  rateLimits: { all: number; signIn: number; redisUrl: string | undefined };
  /** Undefined: mails are kept in a folder. */
  smtpUrl: string | undefined;
  mailFrom: string;
  oidcFile: string | undefined;
  publicUrl: string | undefined;
  listen: string[];
  announce: string[] | undefined;
  rpcUrl: string;
  publishRpc: boolean;
  vault: Address;
  token: Address;
  vaultBlock: number;
  confirmations: number;
  maxFeeGwei: number;
  anchors: Address | undefined;
  anchorSeconds: number;
  settleSeconds: number;
  paymaster: Address | undefined;
  sponsored: Address[];
  sponsorAccountGwei: number;
  sponsorDayGwei: number;
  bundlerUrl: string | undefined;
  operatorKeyFile: string;
  operatorPassphraseFile: string | undefined;
  runnerKeyFile: string;
  secretFile: string;
  admins: Address[];
  /** Undefined: agents are found by their words alone. */
  embedder: { url: string; model: string; keyFile: string | undefined } | undefined;
  roundWindowMs: number;
  roundRetryMs: number;
  openAuctions: OpenAuctionTerms;
  approvalSeconds: number;
  minBond: bigint;
  nodeGraceMs: number;
  nodeHeartbeatMs: number;
  tracing: Pick<TracingOptions, "endpoint" | "ratio">;
  logLevel: string;
}

const LOG_LEVELS = ["debug", "info", "warn", "error", "silent"];

/** Reads the server's variables from the environment; an empty one counts as absent. */
export function readEnv(env: NodeJS.ProcessEnv = process.env): ServerEnv {
  const entries = serverVariables.map(({ name }) => [name, env[name]] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined && value !== ""));
}

/**
 * Checks the variables that say where everything is kept, and fills in the defaults.
 * @throws {StoaError} `invalid_configuration` naming the variable
 */
export function toStorageConfig(env: ServerEnv): StorageConfig {
  const days = env.STOA_ARCHIVE_AFTER_DAYS;
  return {
    dataFolder: env.STOA_DATA ?? "data",
    databaseUrl: env.DATABASE_URL,
    s3: s3Settings(env),
    partitionSpan: oneOf(env, "STOA_PARTITION_SPAN", ["day", "month"], "month"),
    archiveAfterDays: days === "never" ? undefined : positive(env, "STOA_ARCHIVE_AFTER_DAYS", 36_500),
  };
}

/**
 * Checks the variables and fills in the defaults.
 * @throws {StoaError} `invalid_configuration` naming the variable
 */
export function toConfig(env: ServerEnv): ServerConfig {
  const storage = toStorageConfig(env);
  const { dataFolder } = storage;
  return {
    ...storage,
    host: env.STOA_HOST ?? "127.0.0.1",
    port: integer(env, "STOA_PORT", 8_080, 65_535),
    trustProxy: list(env.STOA_TRUST_PROXY) ?? [],
    corsOrigins: origins(env.STOA_CORS_ORIGINS),
    rateLimits: {
      all: integer(env, "STOA_REQUESTS_PER_MINUTE", ALL_PER_MINUTE, 10_000_000),
      signIn: integer(env, "STOA_SIGN_INS_PER_MINUTE", SIGN_IN_PER_MINUTE, 10_000_000),
      redisUrl: env.REDIS_URL,
    },
    smtpUrl: smtpUrl(env),
    mailFrom: env.STOA_MAIL_FROM ?? "Stoa <stoa@localhost>",
    oidcFile: env.STOA_OIDC_FILE,
    publicUrl: env.STOA_PUBLIC_URL?.replace(/\/+$/, ""),
    listen: list(env.STOA_NETWORK_LISTEN) ?? ["/ip4/127.0.0.1/tcp/0"],
    announce: list(env.STOA_NETWORK_ANNOUNCE),
    rpcUrl: required(env, "STOA_RPC_URL"),
    publishRpc: oneOf(env, "STOA_PUBLISH_RPC", ["yes", "no"], "no") === "yes",
    vault: parseAddress(required(env, "STOA_VAULT"), "STOA_VAULT"),
    token: parseAddress(required(env, "STOA_TOKEN"), "STOA_TOKEN"),
    vaultBlock: integer(env, "STOA_VAULT_BLOCK", 0),
    confirmations: integer(env, "STOA_CHAIN_CONFIRMATIONS", 12, 10_000),
    maxFeeGwei: integer(env, "STOA_MAX_FEE_GWEI", 500, 1_000_000),
    anchors: env.STOA_ANCHORS === undefined ? undefined : parseAddress(env.STOA_ANCHORS, "STOA_ANCHORS"),
    anchorSeconds: integer(env, "STOA_ANCHOR_SECONDS", 10, 86_400),
    settleSeconds: integer(env, "STOA_SETTLE_SECONDS", 0, 86_400),
    paymaster: env.STOA_PAYMASTER === undefined ? undefined : parseAddress(env.STOA_PAYMASTER, "STOA_PAYMASTER"),
    sponsored: (list(env.STOA_SPONSORED) ?? []).map((address) => parseAddress(address, "STOA_SPONSORED")),
    sponsorAccountGwei: integer(env, "STOA_SPONSOR_ACCOUNT_GWEI", 50_000_000, MAX_SPONSOR_GWEI),
    sponsorDayGwei: integer(env, "STOA_SPONSOR_DAY_GWEI", 500_000_000, MAX_SPONSOR_GWEI),
    bundlerUrl: env.STOA_BUNDLER_URL,
    operatorKeyFile: env.STOA_OPERATOR_KEY_FILE ?? join(dataFolder, "keys", "operator.key"),
    operatorPassphraseFile: env.STOA_OPERATOR_PASSPHRASE_FILE,
    runnerKeyFile: env.STOA_RUNNER_KEY_FILE ?? join(dataFolder, "keys", "runner.key"),
    secretFile: env.STOA_SECRET_FILE ?? join(dataFolder, "keys", "secret"),
    admins: (list(env.STOA_ADMINS) ?? []).map((address) => parseAddress(address, "STOA_ADMINS")),
    embedder: embedder(env),
    roundWindowMs: integer(env, "STOA_ROUND_WINDOW_MS", 150, 3_600_000),
    roundRetryMs: integer(env, "STOA_ROUND_RETRY_MS", 2_000),
    openAuctions: openAuctions(env),
    approvalSeconds: integer(env, "STOA_APPROVAL_SECONDS", 3_600),
    minBond: BigInt(integer(env, "STOA_MIN_BOND", 0)),
    nodeGraceMs: integer(env, "STOA_NODE_GRACE_MS", 2_000),
    nodeHeartbeatMs: integer(env, "STOA_NODE_HEARTBEAT_MS", 6_000),
    tracing: tracingSettings(env),
    logLevel: oneOf(env, "STOA_LOG_LEVEL", LOG_LEVELS, "info"),
  };
}

function origins(text: string | undefined): string[] {
  return (list(text) ?? []).map((origin) => {
    if (URL.canParse(origin) && new URL(origin).origin === origin) return origin;
    throw new StoaError(
      "invalid_configuration",
      `STOA_CORS_ORIGINS must be origins like https://app.example.org, got ${JSON.stringify(origin)}`,
    );
  });
}

function smtpUrl({ STOA_SMTP_URL: url, STOA_MAIL_FROM: from }: ServerEnv): string | undefined {
  if (url === undefined) return undefined;
  if (!URL.canParse(url) || !/^smtps?:$/.test(new URL(url).protocol) || new URL(url).hostname === "")
    // It may hold a password, so it is not repeated.
    throw new StoaError("invalid_configuration", "STOA_SMTP_URL must be like smtps://user:password@mail.example.org");
  if (from === undefined)
    throw new StoaError("invalid_configuration", "STOA_SMTP_URL is set, but STOA_MAIL_FROM is not");
  return url;
}

function s3Settings(env: ServerEnv): S3Settings | undefined {
  const { STOA_S3_BUCKET: bucket, STOA_S3_ENDPOINT: endpoint, STOA_S3_PREFIX: prefix = "" } = env;
  const stray = (["STOA_S3_ENDPOINT", "STOA_S3_REGION", "STOA_S3_PREFIX"] as const).find((name) => env[name]);
  if (bucket === undefined) {
    if (stray === undefined) return undefined;
    throw new StoaError("invalid_configuration", `${stray} is set, but STOA_S3_BUCKET is not`);
  }
  if (endpoint !== undefined && !(URL.canParse(endpoint) && /^https?:$/.test(new URL(endpoint).protocol)))
    throw new StoaError(
      "invalid_configuration",
      `STOA_S3_ENDPOINT must be like https://s3.example.org, got ${JSON.stringify(endpoint)}`,
    );
  return { bucket, endpoint, prefix, region: env.STOA_S3_REGION ?? "us-east-1" };
}

function embedder(env: ServerEnv): ServerConfig["embedder"] {
  const { STOA_EMBEDDER_URL: url, STOA_EMBEDDER_KEY_FILE: keyFile } = env;
  if (url === undefined) {
    const stray = (["STOA_EMBEDDER_MODEL", "STOA_EMBEDDER_KEY_FILE"] as const).find((name) => env[name]);
    if (stray === undefined) return undefined;
    throw new StoaError("invalid_configuration", `${stray} is set, but STOA_EMBEDDER_URL is not`);
  }
  if (!(URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)))
    throw new StoaError(
      "invalid_configuration",
      `STOA_EMBEDDER_URL must be like https://api.openai.com/v1, got ${JSON.stringify(url)}`,
    );
  return { url: url.replace(/\/+$/, ""), model: required(env, "STOA_EMBEDDER_MODEL"), keyFile };
}

/** The paymaster's own highest budget of a day. */
const MAX_SPONSOR_GWEI = 100_000_000_000;
/** A decrement of a thousandth of the reserve bounds an auction at a thousand bids or so. */
const LEAST_DECREMENT_BPS = 10;
const LONGEST_AUCTION_MS = 3_600_000;

function openAuctions(env: ServerEnv): OpenAuctionTerms {
  const decrementBps = integer(env, "STOA_OPEN_DECREMENT_BPS", 100, 5_000);
  if (decrementBps < LEAST_DECREMENT_BPS) {
    throw new StoaError(
      "invalid_configuration",
      `STOA_OPEN_DECREMENT_BPS must be at least ${LEAST_DECREMENT_BPS}, got ${decrementBps}`,
    );
  }
  return {
    windowMs: integer(env, "STOA_OPEN_WINDOW_MS", 10_000, LONGEST_AUCTION_MS),
    softCloseMs: integer(env, "STOA_OPEN_SOFT_CLOSE_MS", 2_000, LONGEST_AUCTION_MS),
    longestMs: integer(env, "STOA_OPEN_LONGEST_MS", 60_000, LONGEST_AUCTION_MS),
    decrementBps,
  };
}

function required(env: ServerEnv, name: ServerVariable): string {
  const value = env[name];
  if (!value) throw new StoaError("invalid_configuration", `${name} is not set`);
  return value;
}

function integer(env: ServerEnv, name: ServerVariable, fallback: number, max = Number.MAX_SAFE_INTEGER): number {
  const text = env[name];
  if (text === undefined) return fallback;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > max) {
    throw new StoaError(
      "invalid_configuration",
      `${name} must be an integer from 0 to ${max}, got ${JSON.stringify(text)}`,
    );
  }
  return value;
}

/** A bound that may be absent, and is at least 1 when it is not. */
function positive(env: ServerEnv, name: ServerVariable, max: number): number | undefined {
  if (env[name] === undefined) return undefined;
  const value = integer(env, name, 1, max);
  if (value === 0) throw new StoaError("invalid_configuration", `${name} must be at least 1, got 0`);
  return value;
}

function oneOf<Choice extends string>(
  env: ServerEnv,
  name: ServerVariable,
  choices: readonly Choice[],
  fallback: Choice,
): Choice {
  const value = (env[name] ?? fallback) as Choice;
  if (!choices.includes(value)) {
    throw new StoaError(
      "invalid_configuration",
      `${name} must be one of ${choices.join(", ")}, got ${JSON.stringify(value)}`,
    );
  }
  return value;
}

function list(text: string | undefined): string[] | undefined {
  return text
    ?.split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}
