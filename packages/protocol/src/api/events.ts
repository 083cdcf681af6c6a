import Type, { type Static } from "typebox";
import { eventTopics } from "../event-topics.ts";
import type { EventRecord } from "../events.ts";

const TOPICS = eventTopics.join("|");

/** Most events one answer or one frame of the live stream holds. */
export const MAX_EVENTS = 500;

/** `GET /events`, as JSON or upgraded to a WebSocket. */
export const EventsQuerySchema = Type.Object(
  {
    after: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: Number.MAX_SAFE_INTEGER,
        description: "the last seq seen; a WebSocket without it starts at what is new",
      }),
    ),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_EVENTS })),
    topics: Type.Optional(
      Type.String({
        pattern: `^(${TOPICS})(,(${TOPICS}))*$`,
        maxLength: 256,
        description: `only events of these, separated by commas: ${eventTopics.join(", ")}`,
      }),
    ),
    token: Type.Optional(
      Type.String({
        maxLength: 4_096,
        description: "WebSocket only: an access token or an API key, for clients that cannot set headers",
      }),
    ),
  },
  { additionalProperties: false },
);
export type EventsQuery = Static<typeof EventsQuerySchema>;

const EventSchema = Type.Unsafe<EventRecord>(
  Type.Object(
    {
      seq: Type.Integer(),
      type: Type.String(),
      at: Type.Integer({ description: "epoch milliseconds, as are all instants inside data" }),
      audience: Type.Union([Type.String(), Type.Null()], {
        description: "the only account that sees it; null when all do",
      }),
      data: Type.Record(Type.String(), Type.Unknown()),
    },
    { title: "Event" },
  ),
);

/** Public events and the caller's own, oldest first. */
export const EventsSchema = Type.Object(
  { events: Type.Array(EventSchema), next: Type.Integer({ description: "what to pass as after next time" }) },
  { title: "Events" },
);
export type Events = Static<typeof EventsSchema>;
