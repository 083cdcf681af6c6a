import { Histogram } from "prom-client";
import type { App } from "./app.ts";
import type { HttpContext } from "./http-context.ts";

/**
 * Logs and measures every answer by its route's pattern. Neither URL nor headers nor body is logged: they may carry
 * tokens, inputs and results.
 */
export function addObservation(app: App, { metrics, traces }: Pick<HttpContext, "metrics" | "traces">): void {
  const duration = new Histogram({
    name: "stoa_http_request_seconds",
    help: "Time from a request's arrival to its answer, by route and status.",
    labelNames: ["method", "route", "status"],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5],
    registers: [metrics],
  });
  app.decorateRequest("openedTasks", null);
  app.addHook("onResponse", (request, reply, done) => {
    const { method } = request;
    const route = request.routeOptions.url ?? "unknown";
    const seconds = reply.elapsedTime / 1000;
    duration.observe({ method, route, status: String(reply.statusCode) }, seconds);
    request.log.debug(
      { method, route, status: reply.statusCode, ms: Math.round(reply.elapsedTime * 10) / 10 },
      "answered",
    );
    const endMs = Date.now();
    for (const taskId of request.openedTasks ?? []) {
      const attributes = { "http.response.status_code": reply.statusCode };
      traces.recordStep({ taskId, name: `${method} ${route}`, startMs: endMs - reply.elapsedTime, endMs, attributes });
    }
    done();
  });
}
