import { EventsQuerySchema, EventsSchema, MAX_EVENTS, readTopics } from "@stoa/protocol";
import { listEvents as queryEvents } from "@stoa/store";
import type { App } from "../../http/app.ts";
import type { HttpContext } from "../../http/http-context.ts";
import { ofTopics } from "../../live/of-topics.ts";
import { requireLogSince } from "../../live/require-log-since.ts";
import { viewerOf } from "../../live/viewer-of.ts";

/** `GET /api/v1/events`: public events and the caller's own, from a place in the log on. The same URL opens the live stream. */
export function listEvents(app: App, { database }: HttpContext): void {
  app.get(
    "/events",
    {
      schema: {
        summary: "Read events; upgrade to a WebSocket to have them live",
        querystring: EventsQuerySchema,
        response: { 200: EventsSchema },
      },
    },
    async (request) => {
      const { after = 0, limit = MAX_EVENTS, topics } = request.query;
      const events = await queryEvents(database, { after, viewer: viewerOf(request.principal), limit });
      await requireLogSince(database, after);
      return { events: [...ofTopics(events, readTopics(topics))], next: events.at(-1)?.seq ?? after };
    },
  );
}
