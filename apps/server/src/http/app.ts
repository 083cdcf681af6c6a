import type { IncomingMessage, ServerResponse } from "node:http";
import type { Access, Principal } from "@stoa/accounts";
import type { Hash } from "@stoa/protocol";
import type { FastifyInstance, FastifyTypeProvider, RawServerDefault } from "fastify";
import type { Logger } from "pino";
import type { Static, TSchema } from "typebox";

/** Gives handlers the types of their TypeBox schemas. */
export interface TypeBoxProvider extends FastifyTypeProvider {
  validator: this["schema"] extends TSchema ? Static<this["schema"]> : unknown;
  serializer: this["schema"] extends TSchema ? Static<this["schema"]> : unknown;
}

export type App = FastifyInstance<RawServerDefault, IncomingMessage, ServerResponse, Logger, TypeBoxProvider>;

declare module "fastify" {
  interface FastifyInstance {
    /** Every route registered, each held to the policy. */
    readonly decidedRoutes: ReadonlySet<string>;
  }
  interface FastifyRequest {
    /** Who the request comes from; null for a stranger. */
    principal: Principal | null;
    /** The tasks it opened. */
    openedTasks: Hash[] | null;
  }
  interface FastifyContextConfig {
    access?: Access;
  }
}
