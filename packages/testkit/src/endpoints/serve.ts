import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { verifyRequest } from "@slicekit/erc8128";
import { verifyMessage } from "viem";

/** What an endpoint saw of one request. */
export interface Seen {
  method: string;
  path: string;
  idempotencyKey: string | null;
  /** Who signed it by another's library, or why that says nobody did. */
  caller: string;
}

export interface ServeOptions {
  port: number;
  /** Files of a certificate and its key: with them it speaks TLS. */
  tls?: { cert: string; key: string };
  /** Tells what else the endpoint knows. */
  told?: () => object;
}

const nonces = new Set<string>();

async function callerOf(request: Request): Promise<string> {
  const result = await verifyRequest({
    request,
    verifyMessage: ({ address, message, signature }) => verifyMessage({ address, message, signature }),
    nonceStore: { consume: async (key) => !nonces.has(key) && Boolean(nonces.add(key)) },
    policy: request.headers.has("idempotency-key") ? { additionalRequestBoundComponents: ["idempotency-key"] } : {},
  });
  return result.ok ? result.address : result.reason;
}

async function toRequest(incoming: IncomingMessage, origin: string, signal: AbortSignal): Promise<Request> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const headers = Object.entries(incoming.headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)] as [string, string]],
  );
  const method = incoming.method ?? "GET";
  return new Request(new URL(incoming.url ?? "/", origin), {
    method,
    headers,
    signal,
    ...(method === "POST" && { body: Buffer.concat(chunks) }),
  });
}

async function send(response: Response, outgoing: ServerResponse): Promise<void> {
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  if (response.body) await pipeline(Readable.fromWeb(response.body as never), outgoing).catch(() => outgoing.destroy());
  else outgoing.end();
}

/**
 * Serves an endpoint of the tests from a process of its own, and writes its address to standard output. `GET /seen` is
 * not the endpoint's: it tells what came so far.
 */
export function serve(
  handle: (request: Request, outgoing: ServerResponse) => Promise<Response | undefined>,
  { port, tls, told = () => ({}) }: ServeOptions,
): void {
  const seen: Seen[] = [];
  let origin = "";
  async function take(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    if (incoming.url === "/seen") return void outgoing.end(JSON.stringify({ seen, ...told() }));
    const gone = new AbortController();
    outgoing.on("close", () => gone.abort());
    const request = await toRequest(incoming, origin, gone.signal);
    const idempotencyKey = request.headers.get("idempotency-key");
    const { pathname: path } = new URL(request.url);
    seen.push({ method: request.method, path, idempotencyKey, caller: await callerOf(request.clone()) });
    const response = await handle(request, outgoing);
    if (response) await send(response, outgoing);
  }
  const listener = (incoming: IncomingMessage, outgoing: ServerResponse) =>
    void take(incoming, outgoing).catch((error: unknown) => {
      if (!outgoing.headersSent) outgoing.writeHead(500);
      outgoing.end(String(error));
    });
  const server = tls
    ? createTlsServer({ cert: readFileSync(tls.cert), key: readFileSync(tls.key) }, listener)
    : createServer(listener);
  server.listen(port, "127.0.0.1", () => {
    origin = `${tls ? "https" : "http"}://127.0.0.1:${(server.address() as AddressInfo).port}`;
    console.log(origin);
  });
}

/** Whoever started the process has the other end of its standard input. */
export function endWithParent(): void {
  process.stdin.resume().on("end", () => process.exit());
}
