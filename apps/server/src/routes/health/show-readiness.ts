import { ReadySchema } from "@stoa/protocol";
import type { App } from "../../http/app.ts";
import type { HttpContext } from "../../http/http-context.ts";

/** `GET /ready`: whether everything the server needs is there; 503 when something is not. */
export function showReadiness(app: App, context: HttpContext): void {
  app.get("/ready", { schema: { response: { 200: ReadySchema, 503: ReadySchema } } }, async (_request, reply) => {
    const outcomes = await Promise.all(
      Object.entries(context.checks).map(async ([name, check]) => {
        const wrong = await check().then(
          () => "ok",
          (error: unknown) => (error instanceof Error ? error.message : String(error)),
        );
        return [name, wrong] as const;
      }),
    );
    const ready = outcomes.every(([, outcome]) => outcome === "ok");
    return reply.code(ready ? 200 : 503).send({ ready, checks: Object.fromEntries(outcomes) });
  });
}
