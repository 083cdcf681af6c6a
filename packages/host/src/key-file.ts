import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { StoaError } from "@stoa/protocol";
import { writeWhole } from "./write-whole.ts";

/** 32 bytes as 0x-prefixed hex. */
export type Key = `0x${string}`;

/**
 * Reads a key of 64 hex digits, with or without 0x.
 * @throws {StoaError} `invalid_configuration` when the file cannot be read or holds anything else
 */
export async function readKeyFile(path: string): Promise<Key> {
  let text: string;
  try {
    text = (await readFile(path, "utf8")).trim();
  } catch (cause) {
    throw new StoaError("invalid_configuration", `the key file ${path} cannot be read: ${(cause as Error).message}`, {
      cause,
    });
  }
  const hex = text.startsWith("0x") ? text : `0x${text}`;
  if (!/^0x[0-9a-f]{64}$/i.test(hex)) {
    throw new StoaError(
      "invalid_configuration",
      `${path} must hold a key of 64 hex digits, it has ${text.length} characters of another form`,
    );
  }
  return hex as Key;
}

/**
 * Reads a key, or makes one that only its owner may read when there is none.
 * @throws {StoaError} `invalid_configuration` when the file holds anything but 64 hex digits
 */
export async function ensureKeyFile(path: string): Promise<Key> {
  const missing = await readFile(path).then(
    () => false,
    (error: NodeJS.ErrnoException) => error.code === "ENOENT",
  );
  if (missing) await writeWhole(path, `0x${randomBytes(32).toString("hex")}\n`, 0o600);
  return readKeyFile(path);
}
