import { StoaError } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { pause } from "./pause.ts";
import { problemError } from "./problem-error.ts";

export interface RequestOptions {
  method?: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";
  query?: Readonly<Record<string, string | number | boolean | undefined>>;
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as they are. */
  bytes?: Uint8Array;
  /** Headers beside those that every request has. */
  headers?: Readonly<Record<string, string>>;
  /** Sends no credentials, and so never signs in by itself. */
  anonymous?: boolean;
  /**
   * Whether sending it again after a lost answer is the same as sending it once. All but PATCH are: a POST of which
   * nothing is said goes under an Idempotency-Key of its own, by which whoever is signed in is answered as the first time.
   */
  repeatable?: boolean;
  signal?: AbortSignal | undefined;
}

const ATTEMPTS = 4;
const FIRST_WAIT_MS = 250;
/** Longest a Retry-After is obeyed before the error is given to the caller instead. */
const MAX_RETRY_AFTER_MS = 10_000;
const TIMEOUT_MS = 30_000;

/**
 * Sends a request to `/api/v1` and gives the answer's JSON. Faults worth retrying are retried when the request is
 * repeatable; a session that ran out is renewed once.
 * @throws {StoaError} the problem's own code, or `server_unavailable` when nobody answers
 */
export async function requestJson<T>(connection: Connection, path: string, options: RequestOptions = {}): Promise<T> {
  const response = await request(connection, path, options);
  if (response.status === 204) return undefined as T;
  try {
    return (await response.json()) as T;
  } catch (cause) {
    throw new StoaError("server_unavailable", `${path}: ${connection.url} answered something other than JSON`, {
      cause,
    });
  }
}

/** As {@link requestJson}, for an answer of bytes. */
export async function requestBytes(
  connection: Connection,
  path: string,
  options: RequestOptions = {},
): Promise<Uint8Array> {
  const response = await request(connection, path, options);
  return new Uint8Array(await response.arrayBuffer());
}

/** As {@link requestJson}, for an answer whose headers matter. */
export async function request(connection: Connection, path: string, options: RequestOptions): Promise<Response> {
  const { method = "GET", anonymous = false, signal } = options;
  // A key is an account's: a stranger's says nothing.
  // And what is the same however often it is sent needs no key, and does not wait for one that a server took with it.
  const hasKey =
    method === "POST" &&
    options.repeatable === undefined &&
    !anonymous &&
    Object.keys(await connection.credentials.headers()).length > 0;
  const { repeatable = hasKey || !(method === "POST" || method === "PATCH") } = options;
  const key: Record<string, string> = hasKey ? { "idempotency-key": crypto.randomUUID() } : {};
  let isRenewed = false;
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await send(connection, path, method, { ...options, headers: { ...key, ...options.headers } });
    if (outcome instanceof Response && outcome.ok) return outcome;
    const error = outcome instanceof Response ? await problemError(outcome, `${method} ${path}`) : outcome;
    if (error.code === "unauthorized" && !options.anonymous && !isRenewed) {
      isRenewed = true;
      if (await connection.credentials.renew()) continue;
    }
    const waitMs = waitBefore(attempt, outcome);
    const isRefusal = outcome instanceof Response && error.code === "too_many_requests";
    const mayRetry = error.definition.kind === "retry" && (repeatable || isRefusal);
    if (!mayRetry || attempt >= ATTEMPTS || waitMs > MAX_RETRY_AFTER_MS || signal?.aborted) throw error;
    await pause(waitMs, signal);
  }
}

async function send(
  connection: Connection,
  path: string,
  method: string,
  { query, body, bytes, headers: more, anonymous, signal }: RequestOptions,
): Promise<Response | StoaError> {
  const headers: Record<string, string> = {
    accept: "application/json",
    ...(anonymous ? {} : await connection.credentials.headers()),
  };
  if (body !== undefined) headers["content-type"] = "application/json";
  if (bytes !== undefined) headers["content-type"] = "application/octet-stream";
  Object.assign(headers, more);
  const payload = bytes ?? (body === undefined ? undefined : JSON.stringify(body));
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  try {
    return await connection.fetch(`${connection.url}/api/v1${path}${search(query)}`, {
      method,
      headers,
      ...(payload === undefined ? {} : { body: payload as BodyInit }),
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
  } catch (cause) {
    return new StoaError("server_unavailable", `${connection.url} does not answer: ${reasonOf(cause)}`, { cause });
  }
}

/** A failed fetch says little itself; what it wraps names the socket's fault. */
function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  const inner = cause.cause as { code?: unknown; message?: unknown } | undefined;
  const said = inner?.code ?? inner?.message;
  return typeof said === "string" && said !== "" ? said : cause.message;
}

function search(query: RequestOptions["query"]): string {
  const given = Object.entries(query ?? {}).filter(([, value]) => value !== undefined);
  return given.length === 0 ? "" : `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`;
}

function waitBefore(attempt: number, outcome: Response | StoaError): number {
  const seconds = outcome instanceof Response ? Number(outcome.headers.get("retry-after") ?? Number.NaN) : Number.NaN;
  return Number.isFinite(seconds) ? seconds * 1_000 : FIRST_WAIT_MS * 2 ** (attempt - 1);
}
