import { StoaError } from "@stoa/protocol";
import { type Hex, size, stringToHex } from "viem";

/**
 * An attribute's name as the registry holds it.
 * @throws {StoaError} `invalid_request` when it is longer than that
 */
export function attributeName(name: string): Hex {
  const bytes = stringToHex(name);
  if (size(bytes) > 32) {
    throw new StoaError("invalid_request", `an attribute's name has at most 32 bytes, ${name} has ${size(bytes)}`);
  }
  return stringToHex(name, { size: 32 });
}
