import { randomUUID } from "node:crypto";
import { MAX_OPEN_REPORTS, ReportRequestSchema, ReportSchema, StoaError } from "@stoa/protocol";
import { fileReport as file } from "@stoa/store";
import type { App } from "../../http/app.ts";
import { actorOf } from "../../http/authenticate.ts";
import type { HttpContext } from "../../http/http-context.ts";
import { reportView } from "./report-view.ts";

/** `POST /api/v1/reports`: tells those who run the market that somebody does wrong. */
export function fileReport(app: App, { database }: HttpContext): void {
  app.post(
    "/reports",
    { schema: { summary: "Report somebody", body: ReportRequestSchema, response: { 201: ReportSchema } } },
    async (request, reply) => {
      const report = { id: randomUUID(), at: Date.now(), reporter: actorOf(request), ...request.body };
      const filed = await file(database, report, MAX_OPEN_REPORTS);
      if (!filed) throw new StoaError("too_many_requests", `${MAX_OPEN_REPORTS} reports of yours wait to be looked at`);
      return reply.code(201).send(reportView(filed));
    },
  );
}
