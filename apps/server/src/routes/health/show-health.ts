import { HealthSchema } from "@stoa/protocol";
import type { App } from "../../http/app.ts";
import type { HttpContext } from "../../http/http-context.ts";

/** `GET /health` and `GET /api/v1/health`: the process is up. */
export function showHealth(app: App, context: HttpContext): void {
  app.get("/health", { schema: { summary: "Whether the server is up", response: { 200: HealthSchema } } }, () => ({
    status: "ok" as const,
    version: context.info().version,
    uptimeSeconds: Math.round(process.uptime()),
  }));
}
