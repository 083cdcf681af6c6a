import { PassThrough } from "node:stream";
import type { Principal } from "@stoa/accounts";
import { EventsQuerySchema, readTopics, StoaError } from "@stoa/protocol";
import type { FastifyRequest } from "fastify";
import Type from "typebox";
import type { App } from "../http/app.ts";
import type { HttpContext } from "../http/http-context.ts";
import { eventStreamWire } from "./event-stream-wire.ts";
import type { Hub } from "./hub.ts";
import { requireLogSince } from "./require-log-since.ts";
import { Subscriber } from "./subscriber.ts";
import { viewerOf } from "./viewer-of.ts";

/** Proxies close what is silent; and where a client went without a word, it is found out by then. */
const HEARTBEAT_MS = 15_000;
/** How long a client waits before it comes back. */
const RETRY_MS = 1_000;

const QuerySchema = Type.Pick(EventsQuerySchema, ["after", "token", "topics"]);
const HeadersSchema = Type.Object({
  "last-event-id": Type.Optional(
    Type.String({ pattern: "^[0-9]{1,16}$", description: "the last seq seen; a client that comes back sends it" }),
  ),
});

/**
 * `GET /api/v1/events/stream`: the event log as a server-sent event stream, an event each, resumed by `Last-Event-ID`.
 * @returns the answers that are being written
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export function addEventStream(app: App, context: HttpContext, hub: Hub): ReadonlySet<PassThrough> {
  const { database, accounts, log } = context;
  const open = new Set<PassThrough>();
  app.get(
    "/api/v1/events/stream",
    {
      schema: {
        summary: "Have events live as server-sent events (text/event-stream)",
        querystring: QuerySchema,
        headers: HeadersSchema,
      },
    },
    async (request, reply) => {
      const { after: asked, token, topics } = request.query;
      const lastSeen = request.headers["last-event-id"];
      const after = lastSeen === undefined ? asked : Number(lastSeen);
      const credentials = { authorization: request.headers.authorization, apiKey: apiKeyOf(request), token };
      const signedIn = (): Promise<Principal | null> => accounts.authenticate(credentials);
      const principal = await signedIn();
      if (after !== undefined) await requireLogSince(database, after);
      const body = new PassThrough();
      const subscriber = new Subscriber(eventStreamWire(body), viewerOf(principal), readTopics(topics));
      const heartbeat = setInterval(() => {
        subscriber.sendText(":\n\n");
        // A client whose token is over has to come back with another.
        if (principal)
          signedIn().catch((error: unknown) => {
            if (error instanceof StoaError && error.code === "unauthorized") body.end();
          });
      }, HEARTBEAT_MS);
      heartbeat.unref();
      open.add(body);
      body.once("close", () => {
        clearInterval(heartbeat);
        open.delete(body);
        hub.leave(subscriber);
      });
      body.write(`retry: ${RETRY_MS}\n\n`);
      hub.follow(subscriber, after).catch((error: unknown) => {
        log.warn({ err: error }, "an event stream could not be brought up to date");
        body.end();
      });
      return reply
        .type("text/event-stream")
        .header("cache-control", "no-store")
        .header("x-accel-buffering", "no")
        .send(body);
    },
  );
  return open;
}

function apiKeyOf(request: FastifyRequest): string | undefined {
  return [request.headers["x-api-key"]].flat()[0];
}
