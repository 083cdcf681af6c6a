import Type, { type TObject, type TSchema } from "typebox";
import type { App } from "./app.ts";

const API = "/api/v1/";

/**
 * Lets a reader ask for some fields of what it reads: `fields=id,state`. On lists they are the items' fields; the page's
 * own stay. Each operation's description names what can be asked for; anything else is refused.
 */
export function addSparseFields(app: App): void {
  app.addHook("onRoute", (route) => {
    const names = [route.method].flat().includes("GET") && route.url.startsWith(API) ? fieldsOf(route.schema) : null;
    if (!names) return;
    const { properties = {}, ...options } = (route.schema?.querystring ?? {}) as Partial<TObject>;
    const one = `(${names.join("|")})`;
    const fields = Type.Optional(
      Type.String({ pattern: `^${one}(,${one})*$`, maxLength: 500, description: `only these: ${names.join(", ")}` }),
    );
    const rest = "additionalProperties" in options ? { additionalProperties: options.additionalProperties! } : {};
    route.schema = { ...route.schema, querystring: Type.Object({ ...properties, fields }, rest) };
  });

  app.addHook("preSerialization", (request, _reply, payload, done) => {
    const { fields } = (request.query ?? {}) as { fields?: string };
    if (fields === undefined || typeof payload !== "object" || payload === null) return done(null, payload);
    const wanted = new Set(fields.split(","));
    const { items } = payload as { items?: unknown };
    done(
      null,
      Array.isArray(items) ? { ...payload, items: items.map((item) => pick(item, wanted)) } : pick(payload, wanted),
    );
  });
}

/** The names of an answer's fields, of its items' where it is a list. */
function fieldsOf(schema: { response?: unknown } | undefined): string[] | null {
  const answer = (schema?.response as Record<number, TSchema> | undefined)?.[200] as TObject | undefined;
  if (!answer?.properties) return null;
  const { items } = answer.properties as { items?: { items?: TObject } };
  const names = Object.keys((items?.items ?? answer).properties ?? {});
  return names.length > 1 && names.every((name) => /^\w+$/.test(name)) ? names : null;
}

function pick(value: unknown, wanted: ReadonlySet<string>): unknown {
  return Object.fromEntries(Object.entries(value as object).filter(([name]) => wanted.has(name)));
}
