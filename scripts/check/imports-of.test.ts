import { expect, test } from "vitest";
import { importsOf } from "./imports-of.ts";

const source = `
import { readFileSync } from "node:fs";
import type { Task } from "@stoa/protocol";
import fallback, { type Award } from "./award.ts";
import {
  many,
  names,
} from "./many.ts";
import "./side-effect.ts";
export { a } from "./a.ts";
export type { B } from "./b.ts";
export * as all from "./all.ts";
/**
 * import { no } from "./in-a-comment.ts"
 * await import("./nor-this.ts")
 */
const later = await import("./later.ts");
const where = import.meta.resolve("./where.ts");
export const text = "from './not-an-import.ts'";
export function from(): string { return "x"; }
`;

test("every way to import is found, with its line and when it loads", () => {
  expect(importsOf(source)).toEqual([
    { specifier: "node:fs", line: 2, kind: "load" },
    { specifier: "@stoa/protocol", line: 3, kind: "type" },
    { specifier: "./award.ts", line: 4, kind: "load" },
    { specifier: "./many.ts", line: 5, kind: "load" },
    { specifier: "./side-effect.ts", line: 9, kind: "load" },
    { specifier: "./a.ts", line: 10, kind: "load" },
    { specifier: "./b.ts", line: 11, kind: "type" },
    { specifier: "./all.ts", line: 12, kind: "load" },
    { specifier: "./later.ts", line: 17, kind: "lazy" },
    { specifier: "./where.ts", line: 18, kind: "lazy" },
  ]);
});
