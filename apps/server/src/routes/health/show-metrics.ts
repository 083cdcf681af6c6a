import type { App } from "../../http/app.ts";
import type { HttpContext } from "../../http/http-context.ts";

/** `GET /metrics`: in Prometheus' text format, for the operator. */
export function showMetrics(app: App, { metrics }: HttpContext): void {
  app.get("/metrics", async (_request, reply) => reply.type(metrics.contentType).send(await metrics.metrics()));
}
