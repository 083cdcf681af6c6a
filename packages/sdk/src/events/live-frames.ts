import { type EventRecord, type EventTopic, StoaError } from "@stoa/protocol";
import type { Connection } from "../connection.ts";
import { pause } from "../http/pause.ts";
import { requestJson } from "../http/request.ts";
import { openSocket } from "./open-socket.ts";

/** What the live stream gives: that it is (again) connected, or events in order. */
export type LiveFrame = { kind: "open" } | { kind: "events"; events: EventRecord[] };

export interface LiveOptions {
  /**
   * Begins after this place in the log; at what is new when absent. Without it, a connection that is lost before its
   * first event begins again at what is new then.
   */
  after?: number;
  /** Only events of these; all when absent. */
  topics?: readonly EventTopic[];
  signal?: AbortSignal;
  /** Told each time a connection is lost or not had; the next is tried by itself. */
  onLost?: () => void;
  /** Gives up with `server_unavailable` when the market does not answer for so long; never when absent. */
  giveUpAfterMs?: number;
}

const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 10_000;

/**
 * Reads the market's live stream for as long as it is asked to, across lost connections: each resumes after the last
 * event given, so none is missed and none comes twice.
 * @throws {StoaError} `server_unavailable` after `giveUpAfterMs` without an answer
 */
export async function* liveFrames(
  connection: Connection,
  options: LiveOptions = {},
): AsyncGenerator<LiveFrame, void, void> {
  const { signal, giveUpAfterMs = Number.POSITIVE_INFINITY } = options;
  let { after } = options;
  let failures = 0;
  let lastHeardAt = Date.now();
  while (!signal?.aborted) {
    await using socket = openSocket(
      streamUrl(connection, after, options.topics),
      await tokenOrNull(connection),
      signal,
    );
    for await (const said of socket.frames) {
      failures = 0;
      lastHeardAt = Date.now();
      if (said === "open") {
        yield { kind: "open" };
        continue;
      }
      const last = after;
      const events = last === undefined ? said : said.filter(({ seq }) => seq > last);
      after = events.at(-1)?.seq ?? after;
      if (events.length > 0) yield { kind: "events", events };
    }
    if (signal?.aborted) return;
    failures += 1;
    options.onLost?.();
    if (Date.now() - lastHeardAt >= giveUpAfterMs) {
      throw new StoaError(
        "server_unavailable",
        `${connection.url} has not answered for ${Math.round(giveUpAfterMs / 1_000)} s`,
      );
    }
    if (failures > 1) await requireAdmission(connection, after, signal);
    await pause(Math.min(FIRST_WAIT_MS * 2 ** (failures - 1), LONGEST_WAIT_MS), signal);
  }
}

function streamUrl(
  connection: Connection,
  after: number | undefined,
  topics: readonly EventTopic[] | undefined,
): string {
  const url = new URL(`${connection.url}/api/v1/events`.replace(/^http/, "ws"));
  if (after !== undefined) url.searchParams.set("after", String(after));
  if (topics !== undefined) url.searchParams.set("topics", topics.join(","));
  return url.href;
}

/** While the market is away a session cannot be renewed; the socket's own failure is what counts then. */
async function tokenOrNull(connection: Connection): Promise<string | null> {
  try {
    return await connection.credentials.token();
  } catch (error) {
    if (isPassing(error)) return null;
    throw error;
  }
}

/**
 * A socket does not tell why it was refused; the same address read without one does.
 * @throws {StoaError} why the market will not let this client in, however often it comes back
 */
async function requireAdmission(
  connection: Connection,
  after: number | undefined,
  signal: AbortSignal | undefined,
): Promise<void> {
  try {
    await requestJson(connection, "/events", { query: { after: after ?? Number.MAX_SAFE_INTEGER, limit: 1 }, signal });
  } catch (error) {
    if (!isPassing(error)) throw error;
  }
}

function isPassing(error: unknown): boolean {
  return error instanceof StoaError && error.definition.kind === "retry";
}
