import { type SystemStatus, SystemStatusSchema } from "@stoa/protocol";
import { lastEventSeq, marketLoad, oversightCounts } from "@stoa/store";
import type { App } from "../../http/app.ts";
import type { HttpContext } from "../../http/http-context.ts";
import { toIso } from "../../http/pagination.ts";

/** `GET /api/v1/admin/status`: servers, load, chain, and what waits for somebody to look at it. */
export function showStatus(app: App, context: HttpContext): void {
  const { database } = context;
  app.get(
    "/admin/status",
    { schema: { summary: "How the market's machinery stands", response: { 200: SystemStatusSchema } } },
    async (): Promise<SystemStatus> => {
      const [counts, load, chain, last] = await Promise.all([
        oversightCounts(database),
        marketLoad(database),
        context.chainSync(),
        lastEventSeq(database),
      ]);
      const { servers, ...waiting } = counts;
      const { waitingTasks, busyExecutions, settlements } = load;
      return {
        servers: servers.map(({ id, startedAt, seenAt }) => ({
          id,
          startedAt: toIso(startedAt),
          seenAt: toIso(seenAt),
        })),
        events: { last },
        load: { waitingTasks, busyExecutions, settlements },
        chain,
        ...waiting,
      };
    },
  );
}
