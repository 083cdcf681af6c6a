import { AuditLogSchema, AuditQuerySchema } from "@stoa/protocol";
import { listAudit as queryAudit } from "@stoa/store";
import type { App } from "../../http/app.ts";
import type { HttpContext } from "../../http/http-context.ts";

const DEFAULT_LIMIT = 100;

/** `GET /api/v1/admin/audit`: privileged acts, in their order, each with the hash of the one before it. */
export function listAudit(app: App, { database }: HttpContext): void {
  app.get(
    "/admin/audit",
    {
      schema: {
        summary: "Read the log of privileged acts",
        querystring: AuditQuerySchema,
        response: { 200: AuditLogSchema },
      },
    },
    async ({ query }) => {
      const { after = 0, limit = DEFAULT_LIMIT, subject } = query;
      const entries = await queryAudit(database, { after, limit, subject });
      return { entries, next: entries.at(-1)?.position ?? after };
    },
  );
}
