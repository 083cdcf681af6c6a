import { expect, it } from "vitest";
import { printable } from "./printable.ts";

it("shows a stranger's text without what steers a terminal", () => {
  expect(printable("https://a.example/\u001B[2J\u009B1A\n")).toBe("https://a.example/\uFFFD[2J\uFFFD1A\uFFFD");
  expect(printable("a\u202Egnp.exe")).toBe("a\uFFFDgnp.exe");
  expect(printable("Größe 5 €")).toBe("Größe 5 €");
});
