import { describe, expect, it } from "vitest";
import { parseSeconds } from "./parse-seconds.ts";

describe("a length of time", () => {
  it.each([
    ["90", 90],
    ["90s", 90],
    ["5m", 300],
    ["2h", 7_200],
    ["1d", 86_400],
  ])("%s is read in seconds", (text, seconds) => {
    expect(parseSeconds(text, "--deadline")).toBe(seconds);
  });

  it.each(["", "5 minutes", "-5m", "1.5h", "5mm", "0x10", "9999999999"])("%j is refused, naming the option", (text) => {
    expect(() => parseSeconds(text, "--deadline")).toThrow(/--deadline must be/);
  });
});
