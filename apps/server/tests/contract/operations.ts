import type { App } from "../../src/http/app.ts";

/** A JSON Schema as the API's description has it, with what it refers to written out. */
export type Schema = { readonly [keyword: string]: unknown };

export interface Operation {
  method: string;
  /** With its parameters in braces. */
  path: string;
  parameters: { name: string; in: string; required: boolean; schema: Schema }[];
  /** What its body is checked by; absent when it takes none. */
  body: Schema | undefined;
}

interface Described {
  paths: Record<string, Record<string, DescribedOperation>>;
  components: { schemas: Record<string, unknown> };
}
interface DescribedOperation {
  parameters?: { name: string; in: string; required?: boolean; schema: unknown }[];
  requestBody?: { content: Record<string, { schema?: unknown }> };
}

/** Every operation of the API's own description. */
export function operationsOf(app: App): Operation[] {
  const { paths, components } = app.swagger() as unknown as Described;
  const written = (schema: unknown) => resolve(schema ?? {}, components.schemas) as Schema;
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { parameters = [], requestBody }]) => ({
      method: method.toUpperCase(),
      path,
      parameters: parameters.map(({ name, in: place, required = false, schema }) => ({
        name,
        in: place,
        required,
        schema: written(schema),
      })),
      body: requestBody && written(Object.values(requestBody.content)[0]?.schema),
    })),
  );
}

function resolve(schema: unknown, named: Record<string, unknown>): unknown {
  if (Array.isArray(schema)) return schema.map((item) => resolve(item, named));
  if (typeof schema !== "object" || schema === null) return schema;
  const { $ref } = schema as { $ref?: string };
  if ($ref !== undefined) return resolve(named[$ref.split("/").at(-1) ?? ""], named);
  return Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, resolve(value, named)]));
}
