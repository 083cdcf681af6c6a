import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { EventsQuerySchema, type EventsQuery, readTopics, StoaError } from "@stoa/protocol";
import { Gauge } from "prom-client";
import { Compile } from "typebox/compile";
import Value from "typebox/value";
import { WebSocketServer, type WebSocket } from "ws";
import type { App } from "../http/app.ts";
import type { HttpContext } from "../http/http-context.ts";
import { PROBLEM_TYPE, toProblem, toStoaError } from "../http/problem.ts";
import { Hub } from "./hub.ts";
import { requireLogSince } from "./require-log-since.ts";
import { addEventStream } from "./add-event-stream.ts";
import { Subscriber } from "./subscriber.ts";
import { viewerOf } from "./viewer-of.ts";
import { CLOSE_CODES, webSocketWire } from "./web-socket-wire.ts";

const PATH = "/api/v1/events";
/** The subprotocol of the live stream; a token may stand beside it, for clients that cannot set headers. */
const SUBPROTOCOL = "stoa.events";
/** Clients send nothing but control frames. */
const MAX_PAYLOAD_BYTES = 1_024;
/** How often a client is asked whether it is there, and its token whether it still holds. */
const PING_MS = 30_000;

const query = Compile(EventsQuerySchema);

/**
 * Serves the event log as a WebSocket at `GET /api/v1/events?after=SEQ`, whose frames are JSON lists of events, and as an
 * event stream at `GET /api/v1/events/stream`.
 */
export function addLiveStream(app: App, context: HttpContext): void {
  const { database, market, log } = context;
  const hub = new Hub(database, log);
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_PAYLOAD_BYTES,
    perMessageDeflate: false,
    handleProtocols: (protocols) => (protocols.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
  });
  const streams = addEventStream(app, context, hub);
  const clients = new Gauge({
    name: "stoa_live_clients",
    help: "Clients of the live stream.",
    registers: [],
    collect() {
      this.set(sockets.clients.size + streams.size);
    },
  });
  context.metrics.registerMetric(clients);

  const open = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    upgrade({ context, hub, sockets }, request, socket, head).catch((error: unknown) => refuse(socket, error, log));
  };
  let stopListening: (() => void) | undefined;
  app.addHook("onReady", async () => {
    await hub.start();
    const stops = [market.events.onAppended((events) => hub.wake(events)), market.events.onGap(() => hub.wake([]))];
    stopListening = () => stops.forEach((stop) => stop());
    hub.wake([]);
    app.server.on("upgrade", open);
  });
  app.addHook("preClose", async () => {
    app.server.off("upgrade", open);
    stopListening?.();
    for (const socket of sockets.clients) socket.close(CLOSE_CODES.goingAway, "the server is stopping");
    for (const stream of streams) stream.end();
    await hub.stop();
    for (const socket of sockets.clients) socket.terminate();
    sockets.close();
  });
}

interface Live {
  context: HttpContext;
  hub: Hub;
  sockets: WebSocketServer;
}

async function upgrade(
  { context, hub, sockets }: Live,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): Promise<void> {
  socket.on("error", () => socket.destroy());
  const url = new URL(request.url ?? "/", "http://server");
  if (url.pathname !== PATH) throw new StoaError("not_found", `there is no live stream at ${url.pathname}`);
  const { after, token, topics } = readQuery(url);
  const credentials = {
    authorization: request.headers.authorization,
    apiKey: [request.headers["x-api-key"]].flat()[0],
    token: token ?? tokenOfProtocols(request.headers["sec-websocket-protocol"]),
  };
  const principal = await context.accounts.authenticate(credentials);
  if (after !== undefined) await requireLogSince(context.database, after);
  if (socket.destroyed) return;
  sockets.handleUpgrade(request, socket, head, (webSocket) => {
    const subscriber = new Subscriber(webSocketWire(webSocket), viewerOf(principal), readTopics(topics));
    const stillSignedIn = async () => (principal ? (await context.accounts.authenticate(credentials)) !== null : true);
    watch(webSocket, stillSignedIn, () => hub.leave(subscriber));
    hub.follow(subscriber, after).catch((error: unknown) => {
      context.log.warn({ err: error }, "a live stream could not be brought up to date");
      webSocket.close(CLOSE_CODES.unexpected, "the event log cannot be read: come back with after=");
    });
  });
}

/** Pings a client, ends it when it is silent or its sign-in is over, and reports when it is gone. */
function watch(socket: WebSocket, stillSignedIn: () => Promise<boolean>, onGone: () => void): void {
  let answered = true;
  const timer = setInterval(() => {
    if (!answered) return socket.terminate();
    answered = false;
    socket.ping();
    stillSignedIn().catch((error: unknown) => {
      if (error instanceof StoaError && error.code === "unauthorized")
        socket.close(CLOSE_CODES.signedOut, "the token is no longer valid");
    });
  }, PING_MS);
  timer.unref();
  socket.on("pong", () => (answered = true));
  socket.on("error", () => socket.terminate());
  socket.on("close", () => {
    clearInterval(timer);
    onGone();
  });
}

function readQuery(url: URL): EventsQuery {
  const given = Value.Convert(EventsQuerySchema, Object.fromEntries(url.searchParams));
  if (query.Check(given)) return given;
  const [problem] = query.Errors(given);
  throw new StoaError(
    "invalid_request",
    `querystring ${problem?.instancePath || "/"}: ${problem?.message ?? "is not valid"}`,
  );
}

function tokenOfProtocols(header: string | undefined): string | undefined {
  return header
    ?.split(",")
    .map((protocol) => protocol.trim())
    .find((protocol) => protocol !== SUBPROTOCOL && protocol !== "");
}

/** Answers an upgrade that is not granted with a problem, as any request. */
function refuse(socket: Duplex, error: unknown, log: HttpContext["log"]): void {
  const stoaError = toStoaError(error);
  if (stoaError.code === "internal") log.error({ err: error }, "a live stream could not be opened");
  const body = JSON.stringify(toProblem(stoaError, "websocket"));
  const { status, title } = stoaError.definition;
  socket.end(
    [
      `HTTP/1.1 ${status} ${title}`,
      `content-type: ${PROBLEM_TYPE}`,
      `content-length: ${Buffer.byteLength(body)}`,
      "connection: close",
      "",
      body,
    ].join("\r\n"),
  );
}
