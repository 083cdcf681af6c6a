import type { Json } from "@stoa/protocol";

/** The steps of a JSON Pointer (RFC 6901): "" has none, "/a~1b/0" has "a/b" and "0". */
export function pointerSteps(pointer: string): string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** Writes a key as one step of a JSON Pointer. */
export function pointerStep(key: string | number): string {
  return `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

const INDEX = /^(0|[1-9]\d{0,8})$/;

/** Whether a pointer's step can be a place in a list. */
export function isIndex(step: string): boolean {
  return INDEX.test(step);
}

/**
 * What a pointer points at; undefined when there is nothing.
 * @example
 * valueAt({ rows: [{ city: "Athens" }] }, "/rows/0/city") // "Athens"
 */
export function valueAt(value: Json, pointer: string): Json | undefined {
  let at: Json | undefined = value;
  for (const step of pointerSteps(pointer)) {
    if (Array.isArray(at)) at = isIndex(step) ? (at as readonly Json[])[Number(step)] : undefined;
    else if (typeof at === "object" && at !== null && Object.hasOwn(at, step))
      at = (at as Readonly<Record<string, Json>>)[step];
    else return undefined;
  }
  return at;
}
