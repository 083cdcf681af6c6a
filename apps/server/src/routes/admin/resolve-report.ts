import { ReportSchema, ResolveReportSchema, StoaError } from "@stoa/protocol";
import { appendAudit, resolveReport as resolve } from "@stoa/store";
import Type from "typebox";
import type { App } from "../../http/app.ts";
import { actorOf } from "../../http/authenticate.ts";
import type { HttpContext } from "../../http/http-context.ts";
import { reportView } from "../reports/report-view.ts";

const ParamsSchema = Type.Object({ id: Type.String({ maxLength: 100, description: "a report's id" }) });

/** `POST /api/v1/admin/reports/:id/resolve`: answers a report; 409 when another answer stands. */
export function resolveReport(app: App, { database }: HttpContext): void {
  app.post(
    "/admin/reports/:id/resolve",
    {
      schema: {
        summary: "Resolve a report",
        params: ParamsSchema,
        body: ResolveReportSchema,
        response: { 200: ReportSchema },
      },
    },
    async (request) => {
      const { id } = request.params;
      const { resolution, answer } = request.body;
      const actor = actorOf(request);
      return await database.transaction(async (tx) => {
        const at = Date.now();
        const found = await resolve(tx, { id, resolution, answer, by: actor, at });
        if (!found) throw new StoaError("not_found", `there is no report ${id}`);
        if (found.isResolvedNow)
          await appendAudit(tx, { actor, action: `report.${resolution}`, subject: id, reason: answer, at });
        else if (found.report.resolution !== resolution)
          throw new StoaError("wrong_state", `the report ${id} was ${found.report.resolution}`);
        return reportView(found.report);
      });
    },
  );
}
