import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { StoaError } from "@stoa/protocol";
import { decryptKey } from "./keystore.ts";
import { readPassphrase } from "./read-passphrase.ts";
import { readSecretFile } from "./read-secret-file.ts";
import { writeWhole } from "./write-whole.ts";

/** 32 bytes as 0x-prefixed hex. */
export type Key = `0x${string}`;

/**
 * Reads a key: 64 hex digits, with or without 0x, or a keystore that a passphrase opens.
 * @param passphraseFile holds the keystore's passphrase; a line break at its end is none of it
 * @throws {StoaError} `invalid_configuration` when a file cannot be read or holds anything else
 */
export async function readKeyFile(path: string, passphraseFile?: string): Promise<Key> {
  const text = (await readSecretFile(path, "key")).trim();
  if (text.startsWith("{")) return readKeystore(path, text, passphraseFile);
  const hex = text.startsWith("0x") ? text : `0x${text}`;
  if (!/^0x[0-9a-f]{64}$/i.test(hex)) {
    throw new StoaError(
      "invalid_configuration",
      `${path} must hold a key of 64 hex digits, it has ${text.length} characters of another form`,
    );
  }
  return hex as Key;
}

async function readKeystore(path: string, text: string, passphraseFile: string | undefined): Promise<Key> {
  if (passphraseFile === undefined)
    throw new StoaError("invalid_configuration", `${path} is encrypted: name the file of its passphrase`);
  let keystore: unknown;
  try {
    keystore = JSON.parse(text);
  } catch (cause) {
    throw new StoaError("invalid_configuration", `the keystore ${path} is not JSON`, { cause });
  }
  return decryptKey(keystore, await readPassphrase(passphraseFile));
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
