import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type Address,
  decodeTyped,
  encodeTyped,
  type NodeLink,
  recoverSigner,
  type Signature,
  type Signer,
  type SigningDomain,
  signTyped,
  StoaError,
  type WireTyped,
} from "@stoa/protocol";
import { privateKeyToAccount } from "viem/accounts";
import { ensureKeyFile } from "./key-file.ts";
import { writeWhole } from "./write-whole.ts";

/** How long a provider vouches for a node's key: a year. */
const LINK_SECONDS = 365n * 86_400n;
/** A link this close to its end is signed anew. */
const RENEW_SECONDS = 30n * 86_400n;

/** A node's link as its file holds it: made by the provider's wallet, shown to the market at every greeting. */
export interface SignedLink {
  link: WireTyped<"NodeLink">;
  signature: Signature;
}

/** A node that may start: it has a key of its own, and its provider's word for it. */
export interface NodeHome {
  node: Address;
  keyFile: string;
  linkFile: string;
  /** Whether the link was signed now. */
  isLinkedNow: boolean;
}

/**
 * Makes sure that a node's folder holds its key and a link to it by the provider's wallet, good for this market.
 * @param provider the wallet; only its signature leaves it
 * @param now epoch milliseconds
 * @throws {StoaError} `invalid_configuration` for a key file of another form
 */
export async function prepareNodeHome(
  folder: string,
  { provider, domain, now }: { provider: Signer; domain: SigningDomain; now: number },
): Promise<NodeHome> {
  const keyFile = join(folder, "node.key");
  const linkFile = join(folder, "link.json");
  const node = privateKeyToAccount(await ensureKeyFile(keyFile)).address;
  const seconds = BigInt(Math.floor(now / 1_000));
  const isLinked = await holdsGoodLink(linkFile, {
    node,
    provider: provider.address,
    domain,
    validUntil: seconds + RENEW_SECONDS,
  });
  if (!isLinked) {
    const link: NodeLink = { node, provider: provider.address, expiresAt: seconds + LINK_SECONDS };
    const signed: SignedLink = {
      link: encodeTyped("NodeLink", link),
      signature: await signTyped(provider, domain, "NodeLink", link),
    };
    await writeWhole(linkFile, `${JSON.stringify(signed, null, 2)}\n`);
  }
  return { node, keyFile, linkFile, isLinkedNow: !isLinked };
}

/**
 * Reads the link a provider signed for a node.
 * @throws {StoaError} `invalid_configuration` when there is none, or the file holds something else
 */
export async function readNodeLink(path: string): Promise<SignedLink> {
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

/** A link for another node, provider or market is no link here; a fresh one replaces it. */
async function holdsGoodLink(
  path: string,
  expected: { node: Address; provider: Address; domain: SigningDomain; validUntil: bigint },
): Promise<boolean> {
  try {
    const signed = await readNodeLink(path);
    const link = decodeTyped("NodeLink", signed.link);
    const signer = await recoverSigner(expected.domain, "NodeLink", link, signed.signature);
    const isTheirs = link.node === expected.node && link.provider === expected.provider && signer === expected.provider;
    return isTheirs && link.expiresAt > expected.validUntil;
  } catch (error) {
    if (error instanceof StoaError) return false;
    throw error;
  }
}
