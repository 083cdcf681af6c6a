import { errorCodes, type ErrorCode, StoaError } from "@stoa/protocol";
import { CommanderError } from "commander";
import { describe, expect, it } from "vitest";
import { exitCodeOf } from "./exit-code.ts";

describe("an exit code", () => {
  it("says for every error of the market whether it is the caller's, passing, or ours", () => {
    const expected = { mistake: 2, retry: 3, bug: 70 } as const;
    for (const code of Object.keys(errorCodes) as ErrorCode[]) {
      const isFailure = code === "execution_failed" || code === "invalid_record";
      expect(exitCodeOf(new StoaError(code, "x")), code).toBe(isFailure ? 1 : expected[errorCodes[code].kind]);
    }
  });

  it("is 2 for wrong arguments, 0 for help, 70 for what nobody expected", () => {
    expect(exitCodeOf(new CommanderError(1, "commander.unknownOption", "x"))).toBe(2);
    expect(exitCodeOf(new CommanderError(0, "commander.helpDisplayed", "x"))).toBe(0);
    expect(exitCodeOf(new TypeError("x"))).toBe(70);
  });
});
