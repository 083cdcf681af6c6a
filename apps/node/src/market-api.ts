import { setTimeout as sleep } from "node:timers/promises";
import { type Hash, hashBytes, limits, type MarketInfo, MarketInfoSchema, StoaError } from "@stoa/protocol";
import { Value } from "typebox/value";
import type { Logger } from "pino";

const REQUEST_TIMEOUT_MS = 10_000;
const ARTIFACT_TIMEOUT_MS = 60_000;
const FIRST_RETRY_MS = 200;
const LONGEST_RETRY_MS = 5_000;

/** What a node reads from the market over REST: public things, each checked against its hash by the reader. */
export interface MarketApi {
  market(): Promise<MarketInfo>;
  json(path: string): Promise<unknown>;
  /** @throws {StoaError} `wrong_hash` when the bytes are not what their address says */
  artifact(hash: Hash): Promise<Uint8Array>;
}

async function get(base: string, path: string, timeoutMs: number, signal: AbortSignal): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(`${base}/api/v1${path}`, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
  } catch (cause) {
    throw new StoaError("server_unavailable", `${base} does not answer: ${(cause as Error).message}`, { cause });
  }
  if (response.ok) return response;
  const said = (await response.text().catch(() => "")).slice(0, 300);
  const code =
    response.status === 404
      ? "not_found"
      : response.status >= 500 || response.status === 429
        ? "server_unavailable"
        : "invalid_request";
  throw new StoaError(code, `GET /api/v1${path} answered ${response.status}: ${said}`);
}

/** Speaks to the market at `base`. */
export function createMarketApi(base: string, signal: AbortSignal): MarketApi {
  return {
    async market() {
      const info: unknown = await (await get(base, "/market", REQUEST_TIMEOUT_MS, signal)).json();
      if (Value.Check(MarketInfoSchema, info)) return info;
      const problem = Value.Errors(MarketInfoSchema, info)[0];
      throw new StoaError(
        "invalid_configuration",
        `${base} is no market of ours: ${problem?.instancePath} ${problem?.message}`,
      );
    },
    async json(path) {
      return (await get(base, path, REQUEST_TIMEOUT_MS, signal)).json();
    },
    async artifact(hash) {
      const response = await get(base, `/artifacts/${hash}`, ARTIFACT_TIMEOUT_MS, signal);
      const bytes = new Uint8Array(await response.arrayBuffer());
      if (bytes.byteLength > limits.imageBytes)
        throw new StoaError("too_large", `artifact ${hash} has ${bytes.byteLength} bytes`);
      const actual = hashBytes(bytes);
      if (actual !== hash) throw new StoaError("wrong_hash", `artifact ${hash} has bytes of hash ${actual}`);
      return bytes;
    },
  };
}

/** Tries again, with a growing pause, for as long as a fault is worth retrying. */
export async function untilAvailable<T>(
  what: string,
  log: Logger,
  signal: AbortSignal,
  ask: () => Promise<T>,
): Promise<T> {
  for (let waitMs = FIRST_RETRY_MS; ; waitMs = Math.min(waitMs * 2, LONGEST_RETRY_MS)) {
    try {
      return await ask();
    } catch (error) {
      if (signal.aborted || !(error instanceof StoaError) || error.definition.kind !== "retry") throw error;
      log.warn({ reason: error.message, waitMs }, `${what}: waiting for the market`);
      await sleep(waitMs, undefined, { signal });
    }
  }
}
