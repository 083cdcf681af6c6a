import { type Json, StoaError } from "@stoa/protocol";
import { pointerStep } from "./json-pointer.ts";

/** The workflow's own input, as references name it. */
export const INPUT_SOURCE = "$input";

/** What a reference points at: a step's output, or the workflow's input, and where in it. */
export interface Reference {
  /** A step's name, or {@link INPUT_SOURCE}. */
  source: string;
  /** A JSON Pointer; empty for the whole. */
  pointer: string;
}

/** A reference with its place in its template. */
export interface PlacedReference {
  /** A JSON Pointer into the template. */
  at: string;
  /** Null when the template says `$from` in a form nobody can follow; `text` is what it says. */
  reference: Reference | null;
  text: string;
}

const FROM = "$from";
const REFERENCE = /^(\$input|[a-z][a-z0-9-]{0,31})((?:\/(?:[^~/]|~[01])*)*)$/;

/**
 * Reads a reference such as `summarize/sentences/0` or `$input/text`; null when it is none.
 * @example
 * parseReference("summarize/summary") // { source: "summarize", pointer: "/summary" }
 */
export function parseReference(text: string): Reference | null {
  const [, source, pointer = ""] = REFERENCE.exec(text) ?? [];
  return source === undefined ? null : { source, pointer };
}

/** Every reference of a template, in the order it stands there. */
export function referencesOf(template: Json, at = ""): PlacedReference[] {
  if (typeof template !== "object" || template === null) return [];
  if (Object.hasOwn(template, FROM)) {
    const { [FROM]: from, ...others } = template as Record<string, Json>;
    const isAlone = Object.keys(others).length === 0;
    const reference = isAlone && typeof from === "string" ? parseReference(from) : null;
    return [{ at, reference, text: JSON.stringify(template) }];
  }
  return Object.entries(template).flatMap(([key, value]) => referencesOf(value, at + pointerStep(key)));
}

/**
 * Puts what references point at in their places.
 * @param valueOf undefined when there is nothing where a reference points
 * @throws {StoaError} `input_mismatch` naming the first reference that points at nothing
 */
export function fillTemplate(template: Json, valueOf: (reference: Reference) => Json | undefined, at = ""): Json {
  if (typeof template !== "object" || template === null) return template;
  if (Array.isArray(template)) return template.map((item: Json, i) => fillTemplate(item, valueOf, `${at}/${i}`));
  const { [FROM]: from, ...others } = template as Record<string, Json>;
  if (typeof from === "string" && Object.keys(others).length === 0) {
    const reference = parseReference(from);
    const value = reference ? valueOf(reference) : undefined;
    if (value === undefined)
      throw new StoaError("input_mismatch", `${at || "the input"} takes ${from}, and there is nothing`);
    return value;
  }
  return Object.fromEntries(
    Object.entries(template).map(([key, value]) => [key, fillTemplate(value, valueOf, at + pointerStep(key))]),
  );
}

/**
 * The same values, held to so many bytes of JSON in all: a short template can ask for a large value over and over.
 * @throws {StoaError} `too_large`, from the value that goes beyond
 */
export function withinBytes(
  valueOf: (reference: Reference) => Json | undefined,
  mostBytes: number,
): (reference: Reference) => Json | undefined {
  let bytes = 0;
  return (reference) => {
    const value = valueOf(reference);
    bytes += value === undefined ? 0 : new TextEncoder().encode(JSON.stringify(value)).length;
    if (bytes > mostBytes)
      throw new StoaError("too_large", `what references take together has more than ${mostBytes} bytes`);
    return value;
  };
}
