import { StoaError } from "@stoa/protocol";

/**
 * Holds what was signed to what it must say, letter case aside.
 * @param what names it in the error
 * @throws {StoaError} `invalid_order`
 */
export function expectSame(what: string, actual: string, expected: string): void {
  if (actual.toLowerCase() !== expected.toLowerCase())
    throw new StoaError("invalid_order", `${what} is ${actual}, expected ${expected}`);
}
