import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { type Address, type Hash, parseAddress, parseHash, StoaError } from "@stoa/protocol";
import { type SharedContract, sharedContracts } from "./shared-contracts.ts";
import { suite } from "./suite/suite.ts";
import type { OwnContract } from "./suite/suite-contract.ts";

export type ContractName = OwnContract | SharedContract;

/** Where a market's contracts stand on their chain. */
export interface ContractAddresses extends Record<ContractName, Address> {
  chainId: number;
  /** Where a watcher begins: nothing of the market is older. */
  deployedAtBlock: number;
}

/** Where a market stands on its chain, and who runs it. */
export interface AddressBook extends ContractAddresses {
  operator: Address;
}

/** A contract that stands, or is on its way: enough to find out after a crash whether the chain took it. */
export interface BookEntry {
  address: Address;
  /**
   * Null for one without a transaction of its own: a named token and the shared contracts, which were there before, and what
   * another contract made.
   */
  txHash: Hash | null;
  /** The block it stands in; null while it is on its way, and without a transaction of its own. */
  block: number | null;
  /** Whether its roles were set once; what governance makes of them later is left alone. */
  isWired: boolean;
}

/** The file's content. */
export interface AddressBookFile {
  chainId: number;
  contracts: Partial<Record<ContractName, BookEntry>>;
  /** The transaction that sets roles, while it is on its way. */
  rolesTxHash: Hash | null;
}

const NAMES: readonly ContractName[] = [...suite, ...sharedContracts].map(({ name }) => name);

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
    throw new StoaError("invalid_configuration", `${file} is no address book: ${(cause as Error).message}`, { cause });
  }
}

/** Writes an address book whole: beside the file first, then in its place. */
export async function writeAddressBook(file: string, book: AddressBookFile): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.next`, `${JSON.stringify(book, null, 2)}\n`);
  await rename(`${file}.next`, file);
}

/**
 * The addresses of a whole suite.
 * @throws {StoaError} `invalid_configuration` when the book is of another chain, or lacks a contract
 */
export function toAddressBook({ chainId, contracts }: AddressBookFile, expectedChainId: number): ContractAddresses {
  if (chainId !== expectedChainId) {
    throw new StoaError("invalid_configuration", `the address book is of chain ${chainId}, this is ${expectedChainId}`);
  }
  const addresses = NAMES.map((name) => {
    const entry = contracts[name];
    if (!entry) throw new StoaError("invalid_configuration", `the address book has no ${name}: deploy it first`);
    return [name, entry.address] as const;
  });
  const blocks = Object.values(contracts).flatMap(({ block }) => (block === null ? [] : [block]));
  const deployedAtBlock = Math.min(...blocks);
  return { ...(Object.fromEntries(addresses) as Record<ContractName, Address>), chainId, deployedAtBlock };
}

function parse(json: Record<string, unknown>): AddressBookFile {
  if ("market" in json) {
    throw new StoaError(
      "invalid_configuration",
      "it is of a version whose contracts were others; keep it, and begin with another file or data folder",
    );
  }
  const given = (json["contracts"] ?? {}) as Record<string, Record<string, unknown> | undefined>;
  const contracts: AddressBookFile["contracts"] = {};
  for (const name of NAMES) {
    const entry = given[name];
    if (entry) contracts[name] = toEntry(name, entry);
  }
  const { chainId, rolesTxHash = null } = json;
  return {
    chainId: integer(chainId, "chainId"),
    contracts,
    rolesTxHash: rolesTxHash === null ? null : parseHash(text(rolesTxHash), "rolesTxHash"),
  };
}

function toEntry(name: string, { address, txHash, block, isWired }: Record<string, unknown>): BookEntry {
  return {
    address: parseAddress(text(address), `${name}.address`),
    txHash: txHash === null ? null : parseHash(text(txHash), `${name}.txHash`),
    block: block === null ? null : integer(block, `${name}.block`),
    isWired: isWired === true,
  };
}

function text(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
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
