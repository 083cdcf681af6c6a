import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { StoaError } from "@stoa/protocol";

/**
 * Reads a 32-byte hex key from a file.
 * @throws {StoaError} `invalid_configuration` when the file is missing or holds anything else
 */
export async function readKeyFile(file: string): Promise<`0x${string}`> {
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw new StoaError("invalid_configuration", `the key file ${file} cannot be read`, { cause });
  });
  const key = text.trim();
  if (!/^0x[0-9a-f]{64}$/i.test(key)) throw new StoaError("invalid_configuration", `${file} must hold 0x and 64 hex digits`);
  return key as `0x${string}`;
}

/** Reads a 32-byte hex key from a file, which is made when absent, readable by its owner only. */
export async function ensureKeyFile(file: string): Promise<`0x${string}`> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `0x${randomBytes(32).toString("hex")}\n`, { flag: "wx", mode: 0o600 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error;
  });
  return readKeyFile(file);
}
