import { readFile } from "node:fs/promises";
import { decodeTyped, StoaError } from "@stoa/protocol";
import type { SignedLink } from "./link-node.ts";
import { writeWhole } from "./write-whole.ts";

/** Keeps a provider's signed link where the node looks for it. */
export async function writeLink(path: string, signed: SignedLink): Promise<void> {
  await writeWhole(path, `${JSON.stringify(signed, null, 2)}\n`);
}

/**
 * Reads the link a provider signed for this node.
 * @throws {StoaError} `invalid_configuration` when there is none, or the file holds something else
 */
export async function readLink(path: string): Promise<SignedLink> {
  try {
    const json = JSON.parse(await readFile(path, "utf8")) as SignedLink;
    decodeTyped("NodeLink", json.link);
    if (!/^0x[0-9a-f]{130}$/i.test(json.signature)) throw new Error("its signature is not 65 bytes of hex");
    return { link: json.link, signature: json.signature };
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === "ENOENT";
    const why = missing ? "there is none" : (cause as Error).message;
    throw new StoaError(
      "invalid_configuration",
      `${path} must hold {link, signature} by the provider's wallet: ${why}`,
      { cause },
    );
  }
}
