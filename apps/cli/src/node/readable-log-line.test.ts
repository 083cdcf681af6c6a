import pico from "picocolors";
import { describe, expect, it } from "vitest";
import { readableLogLine } from "./readable-log-line.ts";

const plain = pico.createColors(false);

describe("a node's log line", () => {
  it("is told with its time, level, message and details", () => {
    const line = JSON.stringify({ level: 40, time: 0, pid: 1, name: "n", msg: "waiting", waitMs: 200, reason: "away" });
    expect(readableLogLine(plain, line)).toBe("00:00:00.000 warn  waiting  waitMs=200 reason=away");
  });

  it.each(["plain text", "{not json", '{"a":1}', "null", "[]"])("of another form is told as it is: %s", (line) => {
    expect(readableLogLine(plain, line)).toBe(line);
  });
});
