import { join } from "node:path";
import { type CostText, DEFAULT_COST, readCost } from "@stoa/core";
import { type TracingOptions, tracingSettings, tracingVariables } from "@stoa/host";
import { type Address, MAX_SLOTS, parseAddress, parseAmount, StoaError } from "@stoa/protocol";
import type { OpenStart } from "./open-auctions/next-offer.ts";

/** Every variable a node reads; docs/configuration.md is generated from this table. */
export const nodeVariables = [
  { name: "STOA_SERVER_URL", description: "Base address of the market's REST API.", default: "http://127.0.0.1:8080" },
  {
    name: "STOA_NODE_DATA",
    description: "Folder of the node's key, outbox, journal, cache and status.",
    default: "data/node",
  },
  {
    name: "STOA_NODE_KEY_FILE",
    description: "File of the node's own key (hex); made when absent.",
    default: "node.key in STOA_NODE_DATA",
  },
  {
    name: "STOA_NODE_LINK_FILE",
    description: "File of the provider's signed link to the node's key (JSON).",
    default: "link.json in STOA_NODE_DATA",
  },
  { name: "STOA_NODE_NAME", description: "Name shown in the market.", default: "node" },
  { name: "STOA_NODE_SLOTS", description: "Executions it runs at once.", default: "2" },
  { name: "STOA_NODE_AGENTS", description: "Agents it hosts: * for all, or names separated by commas.", default: "*" },
  {
    name: "STOA_NODE_COST",
    description:
      "Its true cost in the token: base=… per execution, kib=… per KiB of input, second=… per expected second.",
    default: DEFAULT_COST,
  },
  {
    name: "STOA_NODE_TELLS_COST",
    description:
      "Whether it tells the market what tasks it passes on for their price, and quotes, would cost: yes or no. Requesters see it only in bands of at least three providers.",
    default: "yes",
  },
  {
    name: "STOA_NODE_BOND",
    description: "Bond per slot in the token; what a failed award may cost it.",
    default: "the market's least bond",
  },
  {
    name: "STOA_NODE_OPEN_START",
    description:
      "Where it begins in open auctions: reserve, and down step by step, or cost, at its true cost at once. It never goes below that.",
    default: "reserve",
  },
  {
    name: "STOA_NODE_HTTP_ALLOW",
    description:
      "Hosts agents may reach when their manifest names them too, separated by commas; * for any public one.",
    default: "none",
  },
  {
    name: "STOA_NODE_DOCKER_SOCKET",
    description:
      "Unix socket of a container engine (Docker's Engine API) that runs agents which are containers; none for no such agents.",
    default: "the one in DOCKER_HOST, else none",
  },
  {
    name: "DOCKER_HOST",
    description: "Where Docker's own programs find the engine; read when it is unix:// and a path.",
    default: "none",
  },
  {
    name: "STOA_NODE_LLM_FILE",
    description: "File of the language models it lends its agents (JSON), with their prices and where their keys are.",
    default: "none",
  },
  {
    name: "STOA_NODE_REMOTE",
    description:
      "Agents behind endpoints of their creators': public calls them over TLS at public addresses, loopback also on this machine, for trying one out, none hosts no such agent.",
    default: "public",
  },
  {
    name: "STOA_NODE_PROBE_SECONDS",
    description: "How often such an endpoint is asked for a sign of life; without one the node does not bid for it.",
    default: "15",
  },
  {
    name: "STOA_NODE_CACHE_MB",
    description: "Most it keeps of artifacts on its disk; what was used least recently is fetched again when needed.",
    default: "4096",
  },
  {
    name: "STOA_NODE_DRAIN_SECONDS",
    description: "Longest time running executions get when it is told to stop.",
    default: "60",
  },
  {
    name: "STOA_RPC_URL",
    description: "JSON-RPC of the chain, to see that an order is covered before working on it.",
    default: "none: the operator's signed hold is trusted",
  },
  {
    name: "STOA_NODE_BONDS",
    description:
      "Address of the contract of the operator's bonds: what stands there for this node makes up for what a requester's balance lacks. Needs STOA_RPC_URL.",
    default: "none: an order its requester's balance does not cover is turned down",
  },
  ...tracingVariables,
  { name: "STOA_LOG_LEVEL", description: "debug, info, warn or error.", default: "info" },
] as const;

export type NodeVariable = (typeof nodeVariables)[number]["name"];
export type NodeEnv = Partial<Record<NodeVariable, string>>;

/** Which agents behind endpoints a node hosts. */
export type RemoteAgents = "public" | "loopback" | "none";

export interface NodeConfig {
  serverUrl: string;
  dataFolder: string;
  keyFile: string;
  linkFile: string;
  name: string;
  slots: number;
  /** Null hosts every active agent. */
  agents: readonly string[] | null;
  cost: CostText;
  tellsCost: boolean;
  /** Decimal text of the token; null takes the market's least bond. */
  bond: string | null;
  openStart: OpenStart;
  httpAllow: readonly string[];
  /** Null hosts no agents that are containers. */
  dockerSocket: string | null;
  /** Most that is kept of artifacts. */
  cacheBytes: number;
  llmFile: string | null;
  remote: RemoteAgents;
  probeMs: number;
  drainMs: number;
  rpcUrl: string | null;
  /** The contract of the operator's bonds; null relies on none. */
  bonds: Address | null;
  tracing: Pick<TracingOptions, "endpoint" | "ratio">;
  logLevel: "debug" | "info" | "warn" | "error";
}

/** More decimals than any token has: checks an amount's form before the market's token is known. */
const MOST_DECIMALS = 18;

/** Reads the node's variables from the environment; an empty one counts as absent. */
export function readEnv(env: NodeJS.ProcessEnv = process.env): NodeEnv {
  const entries = nodeVariables.map(({ name }) => [name, env[name]] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined && value !== ""));
}

function invalid(name: NodeVariable, expected: string, actual: string): StoaError {
  return new StoaError("invalid_configuration", `${name} must be ${expected}, got ${JSON.stringify(actual)}`);
}

function integer(name: NodeVariable, text: string, min: number, max: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max) throw invalid(name, `an integer from ${min} to ${max}`, text);
  return value;
}

function url(name: NodeVariable, text: string): string {
  const parsed = URL.canParse(text) ? new URL(text) : null;
  if (parsed?.protocol !== "http:" && parsed?.protocol !== "https:") throw invalid(name, "an http(s) address", text);
  return text.replace(/\/+$/, "");
}

function decimal(name: NodeVariable, text: string): string {
  try {
    parseAmount(text, MOST_DECIMALS);
    return text;
  } catch {
    throw invalid(name, "made of decimal amounts such as 0.001", text);
  }
}

function cost(text: string): CostText {
  const read = readCost(text);
  if (!read) throw invalid("STOA_NODE_COST", "base=…,kib=…,second=… in decimal amounts such as 0.001", text);
  return read;
}

function openStart(text: string): OpenStart {
  if (text !== "reserve" && text !== "cost") throw invalid("STOA_NODE_OPEN_START", "reserve or cost", text);
  return text;
}

function bonds({ STOA_NODE_BONDS: address, STOA_RPC_URL: rpcUrl }: NodeEnv): Address | null {
  if (address === undefined) return null;
  if (rpcUrl === undefined) throw invalid("STOA_NODE_BONDS", "left out without STOA_RPC_URL", address);
  try {
    return parseAddress(address, "STOA_NODE_BONDS");
  } catch {
    throw invalid("STOA_NODE_BONDS", "an address", address);
  }
}

function remote(text: string): RemoteAgents {
  if (text !== "public" && text !== "loopback" && text !== "none")
    throw invalid("STOA_NODE_REMOTE", "public, loopback or none", text);
  return text;
}

function list(text: string): string[] {
  return text
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}

/** An engine elsewhere is none of ours: what agents do there could not be told from what others do. */
function dockerSocket({ STOA_NODE_DOCKER_SOCKET: named, DOCKER_HOST: host }: NodeEnv): string | null {
  if (named === "none") return null;
  if (named !== undefined) {
    if (!named.startsWith("/")) throw invalid("STOA_NODE_DOCKER_SOCKET", "an absolute path, or none", named);
    return named;
  }
  return host?.startsWith("unix:///") ? host.slice("unix://".length) : null;
}

/**
 * Checks what the environment says and fills in defaults.
 * @throws {StoaError} `invalid_configuration` naming the variable
 * @example
 * toConfig({ STOA_NODE_SLOTS: "4" }).slots // 4
 */
export function toConfig(env: NodeEnv): NodeConfig {
  const dataFolder = env.STOA_NODE_DATA ?? "data/node";
  const name = env.STOA_NODE_NAME ?? "node";
  if (name.length > 64) throw invalid("STOA_NODE_NAME", "at most 64 characters", name);
  const agents = env.STOA_NODE_AGENTS ?? "*";
  const logLevel = env.STOA_LOG_LEVEL ?? "info";
  if (logLevel !== "debug" && logLevel !== "info" && logLevel !== "warn" && logLevel !== "error") {
    throw invalid("STOA_LOG_LEVEL", "debug, info, warn or error", logLevel);
  }
  const tellsCost = env.STOA_NODE_TELLS_COST ?? "yes";
  if (tellsCost !== "yes" && tellsCost !== "no") throw invalid("STOA_NODE_TELLS_COST", "yes or no", tellsCost);
  return {
    serverUrl: url("STOA_SERVER_URL", env.STOA_SERVER_URL ?? "http://127.0.0.1:8080"),
    dataFolder,
    keyFile: env.STOA_NODE_KEY_FILE ?? join(dataFolder, "node.key"),
    linkFile: env.STOA_NODE_LINK_FILE ?? join(dataFolder, "link.json"),
    name,
    slots: integer("STOA_NODE_SLOTS", env.STOA_NODE_SLOTS ?? "2", 1, MAX_SLOTS),
    agents: agents.trim() === "*" ? null : list(agents),
    cost: cost(env.STOA_NODE_COST ?? DEFAULT_COST),
    tellsCost: tellsCost === "yes",
    bond: env.STOA_NODE_BOND === undefined ? null : decimal("STOA_NODE_BOND", env.STOA_NODE_BOND),
    openStart: openStart(env.STOA_NODE_OPEN_START ?? "reserve"),
    httpAllow: list(env.STOA_NODE_HTTP_ALLOW ?? ""),
    dockerSocket: dockerSocket(env),
    llmFile: env.STOA_NODE_LLM_FILE ?? null,
    remote: remote(env.STOA_NODE_REMOTE ?? "public"),
    probeMs: integer("STOA_NODE_PROBE_SECONDS", env.STOA_NODE_PROBE_SECONDS ?? "15", 1, 3_600) * 1_000,
    cacheBytes: integer("STOA_NODE_CACHE_MB", env.STOA_NODE_CACHE_MB ?? "4096", 1, 1 << 20) * (1 << 20),
    drainMs: integer("STOA_NODE_DRAIN_SECONDS", env.STOA_NODE_DRAIN_SECONDS ?? "60", 0, 3_600) * 1_000,
    rpcUrl: env.STOA_RPC_URL === undefined ? null : url("STOA_RPC_URL", env.STOA_RPC_URL),
    bonds: bonds(env),
    tracing: tracingSettings(env),
    logLevel,
  };
}
