import { AnnouncementPageSchema, ListAnnouncementsQuerySchema } from "@stoa/protocol";
import { listAnnouncements as queryAnnouncements } from "@stoa/store";
import type { App } from "../../http/app.ts";
import type { HttpContext } from "../../http/http-context.ts";
import { pageFilter, toIso, toIsoOrNull, toPage } from "../../http/pagination.ts";

/** `GET /api/v1/announcements`: what those who run the market announce now, the newest first. */
export function listAnnouncements(app: App, { database, market }: HttpContext): void {
  app.get(
    "/announcements",
    {
      schema: {
        summary: "List announcements",
        querystring: ListAnnouncementsQuerySchema,
        response: { 200: AnnouncementPageSchema },
      },
    },
    async ({ query }) => {
      const page = pageFilter(query);
      const rows = await queryAnnouncements(database, { now: query.all ? undefined : market.now(), ...page });
      return toPage(
        rows,
        page.limit,
        ({ at, endsAt, ...said }) => ({ ...said, at: toIso(at), endsAt: toIsoOrNull(endsAt) }),
        ({ at, id }) => ({ at, id }),
      );
    },
  );
}
