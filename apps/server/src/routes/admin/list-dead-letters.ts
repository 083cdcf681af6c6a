import { DeadLetterPageSchema, ListDeadLettersQuerySchema } from "@stoa/protocol";
import { listDeadLetters as queryDeadLetters } from "@stoa/store";
import type { App } from "../../http/app.ts";
import type { HttpContext } from "../../http/http-context.ts";
import { pageFilter, toIso, toPage } from "../../http/pagination.ts";

/** `GET /api/v1/admin/dead-letters`: what gave up, of one kind, the newest first. */
export function listDeadLetters(app: App, { database }: HttpContext): void {
  app.get(
    "/admin/dead-letters",
    {
      schema: {
        summary: "List what gave up",
        querystring: ListDeadLettersQuerySchema,
        response: { 200: DeadLetterPageSchema },
      },
    },
    async ({ query }) => {
      const { kind = "settlement" } = query;
      const page = pageFilter(query);
      const rows = await queryDeadLetters(database, { kind, ...page });
      return toPage(
        rows,
        page.limit,
        ({ taskId, at, reason }) => ({ kind, taskId, at: toIso(at), reason }),
        ({ at, taskId }) => ({ at, id: taskId }),
      );
    },
  );
}
