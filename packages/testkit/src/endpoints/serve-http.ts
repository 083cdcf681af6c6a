import type { ServerResponse } from "node:http";
import { join } from "node:path";
import type { Json } from "@stoa/protocol";
import { type DeedContext, type Done, perform } from "./deeds.ts";
import { endWithParent, serve } from "./serve.ts";

/*
 * A plain HTTP endpoint, and one for every way to be a bad one. Arguments: its port, and the name of a certificate for
 * TLS. What it did for an idempotency key it does once.
 */

const [port = "0", certificate] = process.argv.slice(2);
const tries = new Map<string, number>();
const done = new Map<string, Promise<Done>>();
let [cancelled, executed] = [0, 0];

function workOnce(key: string, input: Json, context: DeedContext): Promise<Done> {
  const known = done.get(key);
  if (known) return known;
  executed += 1;
  const work = perform(input, context);
  work.catch(() => undefined);
  done.set(key, work);
  return work;
}

const bytesOf = (answer: Done) => ("json" in answer ? JSON.stringify(answer.json) : answer.text);
const quiet = (signal: AbortSignal): DeedContext => ({ log: () => undefined, progress: () => undefined, signal });

async function answerPlainly(request: Request, key: string): Promise<Response> {
  try {
    const answer = await workOnce(key, (await request.json()) as Json, quiet(request.signal));
    return new Response(bytesOf(answer), { headers: { "content-type": "application/json" } });
  } catch (error) {
    return new Response((error as Error).message, { status: 500 });
  }
}

async function answerInEvents(request: Request, outgoing: ServerResponse, key: string): Promise<undefined> {
  const input = (await request.json()) as Json;
  outgoing.writeHead(200, { "content-type": "text/event-stream" });
  const tell = (event: string, data: string) => outgoing.write(`event: ${event}\ndata: ${data}\n\n`);
  request.signal.addEventListener("abort", () => (cancelled += outgoing.writableEnded ? 0 : 1));
  try {
    const answer = await workOnce(key, input, {
      log: (text) => tell("log", JSON.stringify({ text })),
      progress: (fraction, text) => tell("progress", JSON.stringify({ fraction, text })),
      signal: request.signal,
    });
    tell("result", bytesOf(answer));
  } catch (error) {
    tell("error", JSON.stringify({ message: (error as Error).message }));
  }
  outgoing.end();
  return undefined;
}

/** Writes without end, as fast as it is read or one byte at a time. */
function writeForEver(outgoing: ServerResponse, type: string, chunk: string, everyMs: number): undefined {
  outgoing.writeHead(200, { "content-type": type });
  const write = () => {
    while (everyMs === 0 && outgoing.write(chunk));
    if (everyMs > 0) outgoing.write(chunk);
  };
  const timer = setInterval(write, everyMs || 1);
  outgoing.on("drain", write).on("close", () => clearInterval(timer));
  return undefined;
}

function dieHalfWay(outgoing: ServerResponse): undefined {
  outgoing.writeHead(200, { "content-type": "application/json", "content-length": "100" });
  outgoing.write('{"value":', () => outgoing.destroy());
  return undefined;
}

/** An MCP server of the older kind, which asks its caller for a sign of life without end. */
async function answerWithQuestions(request: Request): Promise<Response> {
  const { id, method } = (await request.json()) as { id?: number; method?: string };
  if (method === "server/discover") return new Response(null, { status: 404 });
  if (method !== "initialize") return new Response(null, { status: 202 });
  const result = { protocolVersion: "2025-06-18", capabilities: {}, serverInfo: { name: "asks", version: "1" } };
  const answers = [
    { jsonrpc: "2.0", id, result },
    ...Array.from({ length: 2_000 }, (_, ping) => ({ jsonrpc: "2.0", id: `ping ${ping}`, method: "ping" })),
  ];
  const events = answers.map((answer) => `data: ${JSON.stringify(answer)}\n\n`).join("");
  return new Response(events, { headers: { "content-type": "text/event-stream" } });
}

/** How an endpoint misbehaves, by its path. */
const ways: Record<string, (request: Request, outgoing: ServerResponse, key: string) => Promise<Response | undefined>> =
  {
    "/run": (request, outgoing, key) => answerInEvents(request, outgoing, key),
    "/plain": (request, _, key) => answerPlainly(request, key),
    "/drip": async (_, outgoing) => writeForEver(outgoing, "application/json", " ", 20),
    "/drip-events": async (_, outgoing) => writeForEver(outgoing, "text/event-stream", ":\n", 20),
    "/endless": async (_, outgoing) => writeForEver(outgoing, "application/json", "[".repeat(60_000), 0),
    "/endless-events": async (_, outgoing) =>
      writeForEver(outgoing, "text/event-stream", "data: x\n\n".repeat(5_000), 0),
    "/endless-event": async (_, outgoing) =>
      writeForEver(outgoing, "text/event-stream", `data: ${"x".repeat(60_000)}\n`, 0),
    "/silent": (request) => new Promise((_, reject) => request.signal.addEventListener("abort", reject)),
    "/half": async (_, outgoing) => dieHalfWay(outgoing),
    "/half-then-well": (request, outgoing, key) =>
      tries.get(key) === 1 ? Promise.resolve(dieHalfWay(outgoing)) : answerPlainly(request, key),
    "/busy-then-well": (request, _, key) =>
      (tries.get(key) ?? 0) <= 2
        ? Promise.resolve(new Response("busy", { status: 503, headers: { "retry-after": "0" } }))
        : answerPlainly(request, key),
    "/busy": async () => new Response("busy", { status: 429, headers: { "retry-after": "3600" } }),
    "/html": async () => new Response("<p>hello</p>", { headers: { "content-type": "text/html" } }),
    "/refuse": async () => new Response("\u001b[2Jno such deed", { status: 422 }),
    "/many-headers": async () => new Response("{}", { headers: { "x-large": "x".repeat(64_000) } }),
    "/redirect": async (request) =>
      new Response(null, { status: 307, headers: { location: new URL(request.url).searchParams.get("to")! } }),
    "/pings": (request) => answerWithQuestions(request),
    "/cut-events": async () =>
      new Response("event: log\ndata: {}\n\n", { headers: { "content-type": "text/event-stream" } }),
    "/bad-events": async () =>
      new Response("event: log\ndata: [1\n\n", { headers: { "content-type": "text/event-stream" } }),
  };

const file = (ending: string) => join(import.meta.dirname, "certificates", `${certificate}.${ending}`);
serve(
  async (request, outgoing) => {
    const way = ways[new URL(request.url).pathname];
    if (!way) return new Response(null, { status: 404 });
    if (request.method !== "POST") return new Response(null, { status: 405 });
    const key = request.headers.get("idempotency-key") ?? "";
    tries.set(key, (tries.get(key) ?? 0) + 1);
    return await way(request, outgoing, key);
  },
  {
    port: Number(port),
    ...(certificate && { tls: { cert: file("pem"), key: file("key") } }),
    told: () => ({ cancelled, executed }),
  },
);
endWithParent();
