import { randomUUID } from "node:crypto";
import { StoaError } from "@stoa/protocol";
import Fastify, { LogController } from "fastify";
import { addLiveStream } from "../live/add-live-stream.ts";
import { addRoutes } from "../routes/add-routes.ts";
import { wantsScreen } from "../routes/web/serve-web.ts";
import { addAuthentication } from "./authenticate.ts";
import { addCors } from "./add-cors.ts";
import type { App } from "./app.ts";
import { addEtags } from "./etag.ts";
import type { HttpContext } from "./http-context.ts";
import { addKeyLimits } from "./key-limits.ts";
import { addIdempotentWrites } from "./idempotent-writes.ts";
import { addObservation } from "./observe.ts";
import { addOpenApi } from "./open-api.ts";
import { sendProblem } from "./problem.ts";
import { addRateLimits } from "./rate-limits.ts";
import { refuseInMaintenance } from "./refuse-in-maintenance.ts";
import { refuseUnfitInput } from "./refuse-unfit-input.ts";
import { addSecurityHeaders } from "./security-headers.ts";
import { addSparseFields } from "./sparse-fields.ts";
import { validatorCompiler } from "./validate.ts";

/** Largest body of a request that does not say otherwise. */
const BODY_BYTES = 256 << 10;
const REQUEST_TIMEOUT_MS = 60_000;

/**
 * Builds the server's HTTP side: REST, its description, the live stream and the web page. The caller listens and
 * closes; closing ends every connection, live streams included.
 */
export async function buildApp(context: HttpContext): Promise<App> {
  const app: App = Fastify({
    loggerInstance: context.log,
    // The framework would log URLs, which may carry tokens; observe.ts logs what may be logged.
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    bodyLimit: BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: "idle",
    trustProxy: context.trustProxy?.length ? context.trustProxy : false,
    routerOptions: { ignoreTrailingSlash: false },
    // What the router gives up on comes to no route, and not to the handler below.
    frameworkErrors: (error, request, reply) => void sendProblem(error, request, reply),
  });
  app.setValidatorCompiler(validatorCompiler as never);
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  app.setErrorHandler(sendProblem);
  app.setNotFoundHandler((request, reply) => {
    if (wantsScreen(request) && app.hasReplyDecorator("sendFile")) return reply.sendFile("index.html");
    return sendProblem(
      new StoaError("not_found", `there is no ${request.method} ${request.url.split("?")[0]}`),
      request,
      reply,
    );
  });
  await addCors(app, context);
  addSecurityHeaders(app);
  addEtags(app);
  addObservation(app, context);
  await addRateLimits(app, context);
  refuseInMaintenance(app, context);
  addAuthentication(app, context.accounts);
  addKeyLimits(app, context);
  app.addHook("preValidation", refuseUnfitInput);
  addIdempotentWrites(app, context);
  addSparseFields(app);
  await addOpenApi(app, context.info().version);
  await addRoutes(app, context);
  addLiveStream(app, context);
  await app.ready();
  return app;
}
