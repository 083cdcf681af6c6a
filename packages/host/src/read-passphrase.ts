import { readSecretFile } from "./read-secret-file.ts";

/**
 * Reads the passphrase of a keystore; a line break at its end is none of it.
 * @throws {StoaError} `invalid_configuration` when the file cannot be read
 */
export async function readPassphrase(path: string): Promise<string> {
  return (await readSecretFile(path, "passphrase")).replace(/\r?\n$/, "");
}
