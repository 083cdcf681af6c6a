import { ListReportsQuerySchema, ReportPageSchema } from "@stoa/protocol";
import { listReports as queryReports } from "@stoa/store";
import type { App } from "../../http/app.ts";
import type { HttpContext } from "../../http/http-context.ts";
import { pageFilter, toPage } from "../../http/pagination.ts";
import { reportView } from "../reports/report-view.ts";

/** `GET /api/v1/admin/reports`: the moderation queue, the oldest first; resolved ones the newest first. */
export function listReports(app: App, { database }: HttpContext): void {
  app.get(
    "/admin/reports",
    {
      schema: {
        summary: "List reports",
        querystring: ListReportsQuerySchema,
        response: { 200: ReportPageSchema },
      },
    },
    async ({ query }) => {
      const page = pageFilter(query);
      const rows = await queryReports(database, { resolved: query.resolved ?? false, ...page });
      return toPage(rows, page.limit, reportView, ({ at, id }) => ({ at, id }));
    },
  );
}
