import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type Address,
  decodeTyped,
  encodeTyped,
  recoverSigner,
  type Signature,
  signTyped,
  type SigningDomain,
  StoaError,
  type WireTyped,
} from "@stoa/protocol";
import type { Hex, LocalAccount } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { writeWhole } from "../profile/write-whole.ts";

/** How long a provider vouches for a node's key: a year. */
const LINK_SECONDS = 365n * 86_400n;
/** A link this close to its end is signed anew. */
const RENEW_SECONDS = 30n * 86_400n;

/** A node that may start: it has a key of its own, and its provider's word for it. */
export interface PreparedNode {
  node: Address;
  keyFile: string;
  linkFile: string;
  /** Whether the link was signed now. */
  isLinkedNow: boolean;
}

interface SignedLink {
  link: WireTyped<"NodeLink">;
  signature: Signature;
}

/**
 * Makes sure that a node's folder holds its key and a link to it by the provider's wallet, good for this market.
 * @param now epoch milliseconds
 * @throws {StoaError} `invalid_configuration` for a key file of another form
 */
export async function prepareNode(
  folder: string,
  { provider, domain, now }: { provider: LocalAccount; domain: SigningDomain; now: number },
): Promise<PreparedNode> {
  const keyFile = join(folder, "node.key");
  const linkFile = join(folder, "link.json");
  const node = privateKeyToAccount(await readOrMakeKey(keyFile)).address;
  const seconds = BigInt(Math.floor(now / 1_000));
  const isLinked = await holdsGoodLink(linkFile, {
    node,
    provider: provider.address,
    domain,
    validUntil: seconds + RENEW_SECONDS,
  });
  if (!isLinked) {
    const link = { node, provider: provider.address, expiresAt: seconds + LINK_SECONDS };
    const signed: SignedLink = {
      link: encodeTyped("NodeLink", link),
      signature: await signTyped(provider, domain, "NodeLink", link),
    };
    await writeWhole(linkFile, `${JSON.stringify(signed, null, 2)}\n`);
  }
  return { node, keyFile, linkFile, isLinkedNow: !isLinked };
}

async function readOrMakeKey(path: string): Promise<Hex> {
  const text = await readIfThere(path);
  if (text === null) {
    const key = generatePrivateKey();
    await writeWhole(path, `${key}\n`, 0o600);
    return key;
  }
  if (!/^0x[0-9a-fA-F]{64}$/.test(text.trim())) {
    throw new StoaError(
      "invalid_configuration",
      `${path} must hold a key of 0x and 64 hex digits, it has ${text.trim().length} characters of another form`,
    );
  }
  return text.trim() as Hex;
}

/** A link for another node, provider or market is no link here; a fresh one replaces it. */
async function holdsGoodLink(
  path: string,
  expected: { node: Address; provider: Address; domain: SigningDomain; validUntil: bigint },
): Promise<boolean> {
  const text = await readIfThere(path);
  if (text === null) return false;
  try {
    const { link: wire, signature } = JSON.parse(text) as SignedLink;
    const link = decodeTyped("NodeLink", wire);
    const signer = await recoverSigner(expected.domain, "NodeLink", link, signature);
    return (
      link.node === expected.node &&
      link.provider === expected.provider &&
      signer === expected.provider &&
      link.expiresAt > expected.validUntil
    );
  } catch (error) {
    if (error instanceof StoaError || error instanceof SyntaxError || error instanceof TypeError) return false;
    throw error;
  }
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}
