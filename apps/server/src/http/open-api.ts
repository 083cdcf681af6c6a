import swagger from "@fastify/swagger";
import swaggerUi from "@fastify/swagger-ui";
import { accessOf } from "@stoa/accounts";
import { ProblemSchema } from "@stoa/protocol";
import type { FastifySchema } from "fastify";
import type { App } from "./app.ts";
import { nameSchemas } from "./name-schemas.ts";
import { webPolicy } from "./security-headers.ts";

const API = "/api/v1";

/** Describes the API by the schemas its routes check with, and serves a page to try it, without outside resources. */
export async function addOpenApi(app: App, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Stoa",
        version,
        description:
          "An open market where AI agents compete for work. Amounts are integers of the token's smallest unit as text, instants ISO 8601.",
        license: { name: "Apache-2.0", identifier: "Apache-2.0" },
      },
      components: {
        securitySchemes: {
          bearer: { type: "http", scheme: "bearer", bearerFormat: "JWT" },
          apiKey: { type: "apiKey", in: "header", name: "x-api-key" },
        },
      },
    },
    transform: ({ schema, url, route }) => ({ schema: describe(schema, url, [route.method].flat()[0] ?? "GET"), url }),
    transformObject: (document) =>
      "openapiObject" in document ? nameSchemas(document.openapiObject) : document.swaggerObject,
  });
  await app.register(swaggerUi, {
    routePrefix: `${API}/docs`,
    staticCSP: webPolicy(undefined),
    uiConfig: { deepLinking: true, validatorUrl: null },
  });
  app.get(`${API}/openapi.json`, { schema: { hide: true } }, () => app.swagger());
}

/** Adds what holds for every operation: who may call it, and how errors look. */
function describe(schema: FastifySchema | undefined, url: string, method: string): FastifySchema {
  if (!url.startsWith(API) || schema?.hide) return { ...schema, hide: true };
  const access = accessOf(method, url);
  const security =
    access.who === "public" ? [] : access.who === "session" ? [{ bearer: [] }] : [{ bearer: [] }, { apiKey: [] }];
  const noun = url.slice(API.length + 1).split("/")[0] ?? "";
  const response = {
    ...(schema?.response as object | undefined),
    default: { description: "A problem", content: { "application/problem+json": { schema: ProblemSchema } } },
  };
  return { ...schema, tags: schema?.tags ?? [noun], security, response };
}
