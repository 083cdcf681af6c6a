import type { Agent as HttpAgent, IncomingMessage } from "node:http";
import { setImmediate } from "node:timers/promises";
import { openRequest, type Reach } from "../reach/open-request.ts";
import { EndpointFault, toEndpointFault } from "./endpoint-fault.ts";
import { type RequestSigner, signRequest } from "./sign-request.ts";

/** Answers that say "later": of a crowded endpoint, a proxy without one, or one that still works on this very call. */
const PASSING_STATUS = new Set([408, 409, 425, 429, 502, 503, 504]);
/** What a protocol's client reads at once: an answer of many small events leaves the node time for others between. */
const SLICE_BYTES = 16 << 10;
/** Most lines an answer of events may have: a protocol's client works for every event, however short. */
const MAX_EVENT_LINES = 20_000;
/** Most requests of one call: an endpoint can make its caller answer questions of its own. */
const MAX_REQUESTS = 32;
const LINE_END = 0x0a;
const NO_BODY = new Set([204, 205, 304]);
/** Headers a protocol's client may set; who calls, and what for, is the wire's own to say. */
const SENT_HEADERS = /^(accept|content-type|last-event-id|mcp-[a-z-]+|a2a-[a-z-]+)$/;

export interface WireOptions {
  endpoint: URL;
  reach: Reach;
  agent: HttpAgent;
  signer: RequestSigner | undefined;
  /** The execution's id: an endpoint that sees it again is asked for the same work, not for more. */
  idempotencyKey: string | undefined;
  /** Which request it goes with: a key that stands for two requests would have one answered for the other. */
  isWork(body: Uint8Array): boolean;
  requestBytes: number;
  /** Most bytes all answers of this wire may have together. */
  answerBytes: number;
  /** Ends every request. */
  signal: AbortSignal;
}

/** The one way to an endpoint: bounded, signed, to its own origin only. Protocol clients get it as their `fetch`. */
export interface Wire {
  fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>;
  /** Aborted when the endpoint took more than a call may, which its client need not notice. */
  readonly broken: AbortSignal;
  /** What went wrong first; clients wrap it in errors of their own. */
  fault(): EndpointFault | undefined;
}

function retryAfterMs(response: IncomingMessage): number | undefined {
  const seconds = Number(response.headers["retry-after"]);
  return Number.isInteger(seconds) && seconds >= 0 ? seconds * 1_000 : undefined;
}

function requireHead(response: IncomingMessage, isCall: boolean): void {
  const status = response.statusCode ?? 0;
  if (status >= 300 && status < 400 && status !== 304)
    throw new EndpointFault(
      "crashed",
      `the endpoint redirects to ${JSON.stringify(response.headers.location ?? "nowhere").slice(0, 300)}; redirects are not followed`,
    );
  if (isCall && PASSING_STATUS.has(status))
    throw new EndpointFault("crashed", `the endpoint answered with status ${status}`, {
      isPassing: true,
      retryAfterMs: retryAfterMs(response),
    });
}

export function openWire(options: WireOptions): Wire {
  const { endpoint, reach, agent, signer, idempotencyKey, isWork, requestBytes, answerBytes, signal } = options;
  const breaking = new AbortController();
  const ends = AbortSignal.any([signal, breaking.signal]);
  let fault: EndpointFault | undefined;
  let left = answerBytes;
  let linesLeft = MAX_EVENT_LINES;
  let requests = 0;

  /** Ends everything on this wire: the endpoint takes more than a call may. */
  function breakOff(message: string): never {
    fault ??= new EndpointFault("output_limit", message);
    breaking.abort();
    throw fault;
  }

  function count(chunk: Uint8Array, isEvents: boolean): void {
    left -= chunk.length;
    if (left < 0) breakOff(`the endpoint answered more than ${answerBytes} bytes`);
    if (!isEvents) return;
    for (const byte of chunk) if (byte === LINE_END) linesLeft -= 1;
    if (linesLeft < 0) breakOff(`the endpoint told more than ${MAX_EVENT_LINES} lines of events`);
  }

  /** The answer's bytes as they are read, up to what is left of the bound. */
  function bodyOf(response: IncomingMessage): ReadableStream<Uint8Array> {
    const isEvents = /^\s*text\/event-stream/i.test(response.headers["content-type"] ?? "");
    // Told by whoever reads; an answer that nobody reads any more may break without harm.
    response.on("error", () => undefined);
    let waiting: Uint8Array = new Uint8Array();
    const chunks = (response as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
    return new ReadableStream<Uint8Array>({
      async pull(controller) {
        try {
          if (waiting.length === 0) {
            const { done, value } = await chunks.next();
            if (done) return controller.close();
            count(value, isEvents);
            waiting = value;
          }
          controller.enqueue(waiting.subarray(0, SLICE_BYTES));
          waiting = waiting.subarray(SLICE_BYTES);
          await setImmediate();
        } catch (error) {
          response.destroy();
          if (!ends.aborted) fault ??= toEndpointFault(error);
          throw error;
        }
      },
      cancel: () => void response.destroy(),
    });
  }

  async function headersOf(request: Request, url: URL, body: Uint8Array | undefined): Promise<Record<string, string>> {
    const headers: Record<string, string> = { "user-agent": "stoa-node", "accept-encoding": "identity" };
    for (const [name, value] of request.headers) if (SENT_HEADERS.test(name)) headers[name] = value;
    if (idempotencyKey !== undefined && body && isWork(body)) headers["idempotency-key"] = `"${idempotencyKey}"`;
    if (body) headers["content-length"] = String(body.length);
    if (!signer) return headers;
    const { method } = request;
    const signed = await signRequest({ url, method, headers, ...(body && { body }) }, signer, Date.now());
    return { ...headers, ...signed };
  }

  async function send(request: Request): Promise<Response> {
    const url = new URL(request.url);
    if (url.origin !== endpoint.origin)
      throw new EndpointFault(
        "crashed",
        `the endpoint sends its callers to ${url.origin}, which its manifest does not name`,
      );
    requests += 1;
    if (requests > MAX_REQUESTS) breakOff(`the endpoint makes its caller send more than ${MAX_REQUESTS} requests`);
    const body = request.body === null ? undefined : new Uint8Array(await request.arrayBuffer());
    if (body && body.length > requestBytes)
      throw new EndpointFault("bad_input", `the request has ${body.length} bytes, at most ${requestBytes} are sent`);
    const response = await openRequest({
      url,
      method: request.method,
      headers: await headersOf(request, url, body),
      ...(body && { body }),
      reach,
      agent,
      signal: AbortSignal.any([ends, request.signal]),
    });
    const isCall = request.method === "POST";
    try {
      requireHead(response, isCall);
    } catch (error) {
      response.destroy();
      throw error;
    }
    const status = response.statusCode ?? 0;
    const type = response.headers["content-type"];
    const session = response.headers["mcp-session-id"];
    return new Response(NO_BODY.has(status) ? null : bodyOf(response), {
      status,
      headers: {
        ...(type && { "content-type": type }),
        ...(typeof session === "string" && { "mcp-session-id": session }),
      },
    });
  }

  return {
    async fetch(input, init) {
      const request = new Request(input, init);
      try {
        return await send(request);
      } catch (error) {
        // Clients open and close streams beside their calls; only a call's own failure is the execution's.
        if (request.method === "POST" && !request.signal.aborted && !ends.aborted) fault ??= toEndpointFault(error);
        throw error;
      }
    },
    broken: breaking.signal,
    fault: () => fault,
  };
}
