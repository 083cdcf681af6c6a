import { StoaError } from "@stoa/protocol";
import type { App } from "./app.ts";
import type { HttpContext } from "./http-context.ts";

/** Seconds a client should wait before it asks again. */
const RETRY_AFTER_SECONDS = 60;

/** What brings new work or new agents. What goes on with work that is there is never refused. */
const BRINGS_NEW = new Set([
  "POST /api/v1/tasks",
  "POST /api/v1/tasks/batch",
  "POST /api/v1/workflows",
  "POST /api/v1/agents",
  "PUT /api/v1/artifacts/:hash",
  "PATCH /api/v1/artifacts/:hash/upload",
]);

/** Takes nothing new while the market is in maintenance. */
export function refuseInMaintenance(app: App, { settings }: Pick<HttpContext, "settings">): void {
  app.addHook("onRequest", async (request, reply) => {
    const { maintenance } = settings.current();
    if (!maintenance?.on || !BRINGS_NEW.has(`${request.method} ${request.routeOptions.url}`)) return;
    reply.header("retry-after", RETRY_AFTER_SECONDS);
    throw new StoaError("maintenance", maintenance.message);
  });
}
