import type { Json } from "@stoa/protocol";
import type { Static, TSchema } from "typebox";
import Value from "typebox/value";
import { GrantRefusal } from "../grant-refusal.ts";
import { llmLimits } from "./model-settings.ts";

/**
 * Reads a call's parameters by their schema.
 * @throws {GrantRefusal} naming the first wrong field
 */
export function readParams<T extends TSchema>(
  method: string,
  schema: T,
  params: Json,
): { value: Static<T>; bytes: number } {
  const bytes = Buffer.byteLength(JSON.stringify(params));
  if (bytes > llmLimits.requestBytes)
    throw new GrantRefusal(`${method} takes at most ${llmLimits.requestBytes} bytes, got ${bytes}`);
  if (Value.Check(schema, params)) return { value: params, bytes };
  const [problem] = Value.Errors(schema, params).filter(({ keyword }) => keyword !== "boolean");
  const field = problem?.instancePath.slice(1).replaceAll("/", ".");
  throw new GrantRefusal(`${method}: ${field ? `${field} ` : ""}${problem?.message ?? "the parameters do not fit"}`);
}
