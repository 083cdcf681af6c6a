import { readFile } from "node:fs/promises";
import { StoaError } from "@stoa/protocol";

/**
 * Reads a file of a secret.
 * @param what is in it: "key"
 * @throws {StoaError} `invalid_configuration` when it cannot be read
 */
export async function readSecretFile(path: string, what: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw new StoaError(
      "invalid_configuration",
      `the ${what} file ${path} cannot be read: ${(cause as Error).message}`,
      { cause },
    );
  }
}
