import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { type Address, type Hash, parseAddress, parseHash, StoaError } from "@stoa/protocol";

/** Where a market stands on its chain. */
export interface AddressBook {
  chainId: number;
  vault: Address;
  token: Address;
  /** Where the chains of rounds are anchored. */
  anchors: Address;
  operator: Address;
  /** Where a watcher begins. */
  deployedAtBlock: number;
}

/** A contract on its way: enough to find out after a crash whether the chain took it. */
export interface DeploymentStep {
  address: Address;
  txHash: Hash;
}

/** The file's content: finished contracts, and those on their way. */
export interface AddressBookFile {
  chainId: number;
  steps: { token?: DeploymentStep; vault?: DeploymentStep };
  /** One written before rounds were anchored has no `anchors`. */
  market: (Omit<AddressBook, "anchors"> & { anchors?: Address }) | null;
}

/**
 * Reads an address book; null when there is none yet.
 * @throws {StoaError} `invalid_configuration` when the file is no address book
 */
export async function readAddressBook(file: string): Promise<AddressBookFile | null> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
  try {
    return parse(JSON.parse(text) as Record<string, unknown>);
  } catch (cause) {
    throw new StoaError("invalid_configuration", `${file} is no address book: ${String(cause)}`, { cause });
  }
}

/** Writes an address book whole: beside the file first, then in its place. */
export async function writeAddressBook(file: string, book: AddressBookFile): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.next`, `${JSON.stringify(book, null, 2)}\n`);
  await rename(`${file}.next`, file);
}

function parse(json: Record<string, unknown>): AddressBookFile {
  const steps = (json["steps"] ?? {}) as Record<string, { address: string; txHash: string } | undefined>;
  const market = json["market"] as Record<string, unknown> | null;
  return {
    chainId: integer(json["chainId"], "chainId"),
    steps: { ...step("token", steps["token"]), ...step("vault", steps["vault"]) },
    market: market && {
      chainId: integer(market["chainId"], "market.chainId"),
      vault: parseAddress(String(market["vault"]), "market.vault"),
      token: parseAddress(String(market["token"]), "market.token"),
      ...("anchors" in market ? { anchors: parseAddress(String(market["anchors"]), "market.anchors") } : {}),
      operator: parseAddress(String(market["operator"]), "market.operator"),
      deployedAtBlock: integer(market["deployedAtBlock"], "market.deployedAtBlock"),
    },
  };
}

function step(name: string, given: { address: string; txHash: string } | undefined) {
  return given ? { [name]: { address: parseAddress(given.address, name), txHash: parseHash(given.txHash, name) } } : {};
}

function integer(value: unknown, name: string): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) {
    throw new StoaError(
      "invalid_configuration",
      `${name} must be a non-negative integer, got ${JSON.stringify(value)}`,
    );
  }
  return value;
}
