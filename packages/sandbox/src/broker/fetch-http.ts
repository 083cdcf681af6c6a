import type { IncomingMessage } from "node:http";
import type { Json } from "@stoa/protocol";
import { openRequest, OutOfReach, type Reach } from "../reach/open-request.ts";
import { GrantRefusal } from "./grant-refusal.ts";

export const httpLimits = {
  requestBytes: 256 << 10,
  responseBytes: 1 << 20,
  timeMs: 15_000,
  urlLength: 2_048,
} as const;

/** Headers an agent may send, and those it gets back: none of them can carry a node's secrets. */
const SENT_HEADERS = new Set(["accept", "accept-language", "content-type"]);
const PUBLIC: Reach = ["public"];
const ANYWHERE: Reach = ["public", "loopback", "private"];
const RETURNED_HEADERS = ["content-type", "content-language", "etag", "last-modified", "location", "retry-after"];

export interface HttpGrant {
  /** Hosts the agent's manifest asks for, with a port unless it is the scheme's own. */
  wanted: readonly string[];
  /** Hosts the node's operator lets any agent reach; "*" is every public host. */
  allowed: readonly string[];
  /** Lets requests reach the node's own machine and network. */
  allowPrivate: boolean;
}

interface HttpCall {
  url: URL;
  method: "GET" | "POST";
  headers: Record<string, string>;
  body: string | undefined;
}

function readCall(params: Json): HttpCall {
  if (typeof params !== "object" || params === null || Array.isArray(params))
    throw new GrantRefusal("http.fetch takes {url, method?, headers?, body?}");
  const { url: text, method = "GET", headers = {}, body, ...rest } = params as Record<string, Json>;
  const unknown = Object.keys(rest);
  if (unknown.length > 0) throw new GrantRefusal(`http.fetch knows no ${unknown.join(", ")}`);
  if (typeof text !== "string" || text.length > httpLimits.urlLength || !URL.canParse(text))
    throw new GrantRefusal(`url must be a URL of at most ${httpLimits.urlLength} characters`);
  const url = new URL(text);
  if (url.protocol !== "http:" && url.protocol !== "https:")
    throw new GrantRefusal(`only http and https are allowed, got ${url.protocol}`);
  if (url.username || url.password) throw new GrantRefusal("a URL may not carry a user or password");
  if (method !== "GET" && method !== "POST")
    throw new GrantRefusal(`only GET and POST are allowed, got ${JSON.stringify(method)}`);
  if (body !== undefined && (typeof body !== "string" || method === "GET"))
    throw new GrantRefusal("body must be text, and goes with POST");
  if (body !== undefined && Buffer.byteLength(body) > httpLimits.requestBytes)
    throw new GrantRefusal(`body has at most ${httpLimits.requestBytes} bytes`);
  if (typeof headers !== "object" || headers === null || Array.isArray(headers))
    throw new GrantRefusal("headers must map names to text");
  const sent: Record<string, string> = { "user-agent": "stoa-agent" };
  for (const [name, value] of Object.entries(headers)) {
    if (!SENT_HEADERS.has(name.toLowerCase()) || typeof value !== "string")
      throw new GrantRefusal(
        `only the headers ${[...SENT_HEADERS].join(", ")} may be sent, got ${JSON.stringify(name)}`,
      );
    sent[name.toLowerCase()] = value;
  }
  return { url, method, headers: sent, body };
}

function requireHost(url: URL, grant: HttpGrant): void {
  if (!grant.wanted.includes(url.host)) throw new GrantRefusal(`the manifest does not list the host ${url.host}`);
  if (!grant.allowed.includes("*") && !grant.allowed.includes(url.host))
    throw new GrantRefusal(`this node does not allow the host ${url.host}`);
}

async function readBody(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > httpLimits.responseBytes)
      throw new GrantRefusal(`the answer is over ${httpLimits.responseBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/**
 * Makes one HTTP request for an agent: only to hosts its manifest lists and the operator allows, never to private
 * addresses, bounded in size and time, redirects given back instead of followed.
 * @throws {GrantRefusal} for the agent, when the request may not be made or fails
 */
export async function fetchHttp(params: Json, grant: HttpGrant, signal: AbortSignal): Promise<Json> {
  const { url, method, headers, body } = readCall(params);
  requireHost(url, grant);
  const reach = grant.allowPrivate ? ANYWHERE : PUBLIC;
  const bounded = AbortSignal.any([signal, AbortSignal.timeout(httpLimits.timeMs)]);
  try {
    const response = await openRequest({
      url,
      method,
      headers,
      ...(body === undefined ? {} : { body }),
      reach,
      signal: bounded,
    });
    const text = await readBody(response);
    const returned = RETURNED_HEADERS.flatMap((name) =>
      typeof response.headers[name] === "string" ? [[name, response.headers[name]]] : [],
    );
    return {
      status: response.statusCode ?? 0,
      headers: Object.fromEntries(returned) as Record<string, string>,
      body: text,
    };
  } catch (error) {
    if (error instanceof GrantRefusal) throw error;
    if (error instanceof OutOfReach) throw new GrantRefusal(error.message);
    const why =
      bounded.aborted && !signal.aborted ? `no answer within ${httpLimits.timeMs} ms` : (error as Error).message;
    throw new GrantRefusal(`the request to ${url.host} failed: ${why}`);
  }
}
