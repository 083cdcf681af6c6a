import { readFile } from "node:fs/promises";
import { StoaError } from "@stoa/protocol";
import type { Hex } from "viem";
import { generatePrivateKey } from "viem/accounts";
import { writeWhole } from "./write-whole.ts";

/**
 * Reads the node's own key, or makes one that only its owner may read when there is none.
 * @throws {StoaError} `invalid_configuration` when the file holds anything but 32 bytes of hex
 */
export async function nodeKey(path: string): Promise<Hex> {
  let text: string;
  try {
    text = (await readFile(path, "utf8")).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    const fresh = generatePrivateKey();
    await writeWhole(path, `${fresh}\n`, 0o600);
    return fresh;
  }
  if (!/^0x[0-9a-f]{64}$/i.test(text)) {
    throw new StoaError(
      "invalid_configuration",
      `${path} must hold a key of 0x and 64 hex digits, it has ${text.length} characters of another form`,
    );
  }
  return text as Hex;
}
