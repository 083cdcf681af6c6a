import { canonicalJson, type Json } from "@stoa/protocol";

/** Most differences that are told. */
const MAX_TOLD = 5;
const MAX_LENGTH = 80;

/**
 * Where two JSON values differ, by path; `[]` when they are the same value.
 * @example
 * differences({ words: 3 }, { words: 4 }) // ["/words: expected 3, got 4"]
 */
export function differences(expected: Json, actual: Json): string[] {
  const found: string[] = [];

  function visit(wanted: Json | undefined, got: Json | undefined, path: string): void {
    if (found.length >= MAX_TOLD || write(wanted) === write(got)) return;
    if (!isContainer(wanted) || !isContainer(got) || Array.isArray(wanted) !== Array.isArray(got)) {
      found.push(`${path || "/"}: expected ${shorten(write(wanted))}, got ${shorten(write(got))}`);
      return;
    }
    const [before, after] = [new Map(Object.entries(wanted)), new Map(Object.entries(got))];
    for (const key of new Set([...before.keys(), ...after.keys()]))
      visit(before.get(key), after.get(key), `${path}/${key}`);
  }

  visit(expected, actual, "");
  return found;
}

function isContainer(value: Json | undefined): value is Json & object {
  return typeof value === "object" && value !== null;
}

function write(value: Json | undefined): string {
  return value === undefined ? "nothing" : canonicalJson(value);
}

function shorten(text: string): string {
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text;
}
