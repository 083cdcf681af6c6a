import { erc20Abi } from "viem";
import { type Address, StoaError } from "@stoa/protocol";
import type { ChainSender } from "../client/chain-sender.ts";
import type { Chain } from "../client/connect-chain.ts";
import { readContract } from "../client/read-contract.ts";
import { toChainError } from "../client/to-chain-error.ts";
import type { VaultParameters } from "../vault/vault-parameters.ts";
import {
  type AddressBook,
  type AddressBookFile,
  type BookEntry,
  type ContractName,
  readAddressBook,
  toAddressBook,
  writeAddressBook,
} from "./address-book.ts";
import { deployContract } from "./deploy-contract.ts";
import {
  type DeploymentParameters,
  type GovernanceParameters,
  namedAddress,
  requireSafe,
  type SettledParameters,
  testGovernance,
} from "./deployment-parameters.ts";
import { sharedContracts } from "./shared-contracts.ts";
import { suite } from "./suite/suite.ts";
import type { OwnContract, World } from "./suite/suite-contract.ts";
import { requireTestChain } from "./test-chains.ts";
import { verifyContract } from "./verify-contract.ts";
import { requireAdmin, wireRoles } from "./wire-roles.ts";

const TEST_DOLLAR_DECIMALS = 6;

export interface DeployOptions {
  /** Pays for the deployment; keeps no role, and need not be the operator. */
  sender: ChainSender;
  parameters: VaultParameters;
  /** Absent: the sender's wallet governs without delay, on test chains only. */
  governance?: GovernanceParameters;
  /** The settlement token; a test dollar is deployed when absent: on test chains only. */
  token?: Address;
  /** The token that wraps the chain's own coin; one is deployed when absent: on test chains only. */
  wrapper?: Address;
  /** The JSON file that remembers what stands where. */
  bookFile: string;
  /** Told of each contract and of the roles when they stand. */
  onStep?: (step: DeployedStep) => void;
}

export interface DeployedStep {
  name: ContractName | "roles";
  address: Address;
}

/**
 * Deploys what a market needs on its chain, or finds it deployed: as often as it is called, there is one of each.
 * Each contract's address is written down before the chain can know of it, so a crash at any moment is resumed; code,
 * parameters and roles are held to what they should be at the end.
 * @throws {StoaError} `invalid_configuration` when what stands is not what should, or would not be safe on this chain
 * @example
 * const { vault, token } = await deployMarket({ sender, parameters, bookFile: "chain/addresses.json" });
 */
export async function deployMarket(options: DeployOptions): Promise<AddressBook> {
  const { sender, bookFile, onStep = () => {} } = options;
  const { chain } = sender;
  const given = await toDeploymentParameters(options);
  const book = await openBook(bookFile, chain.chainId);
  const record = async (name: ContractName, entry: BookEntry) => {
    book.contracts[name] = entry;
    await writeAddressBook(bookFile, book);
  };
  nameForeign(book, given, "token");
  nameForeign(book, given, "wrapper");
  const world = worldOf(book, given, sender.address);
  // First, since a chain may lack what it takes: then nothing else is paid for.
  for (const { name, deploy } of sharedContracts) {
    const address = await deploy(sender);
    if (book.contracts[name]?.address !== address) await record(name, standing(address));
    onStep({ name, address });
  }
  for (const contract of suite) {
    const { name } = contract;
    const recordIt = (written: BookEntry) => record(name, written);
    const entry = await deployContract(sender, { contract, world }, book.contracts[name], recordIt);
    await verifyContract(chain, { contract, world }, !entry.isWired);
    if (name === "manager" && !entry.isWired) {
      await requireAdmin(sender, entry.address, book.contracts.timelock?.address);
    }
    onStep({ name, address: entry.address });
  }
  const unwired = suite.map(({ name }) => name).filter((name) => book.contracts[name]?.isWired === false);
  if (unwired.length > 0) {
    await wireRoles(sender, world, unwired, {
      txHash: book.rolesTxHash,
      async record(txHash) {
        book.rolesTxHash = txHash;
        await writeAddressBook(bookFile, book);
      },
    });
    for (const name of unwired) book.contracts[name] = { ...book.contracts[name]!, isWired: true };
    book.rolesTxHash = null;
    await writeAddressBook(bookFile, book);
  }
  onStep({ name: "roles", address: world.at.manager });
  return { ...toAddressBook(book, chain.chainId), operator: given.vault.operator };
}

/** @throws {StoaError} `invalid_configuration` for what this chain is too serious for */
export async function toDeploymentParameters(
  options: Pick<DeployOptions, "sender" | "parameters" | "governance" | "token" | "wrapper">,
): Promise<SettledParameters> {
  const { sender, parameters, token, wrapper } = options;
  const { chainId } = sender.chain;
  if (!options.governance) requireTestChain(chainId, "the deployer governs", "say who does");
  const governance = options.governance ?? testGovernance(sender.address);
  const named = { ...(token === undefined ? {} : { token }), ...(wrapper === undefined ? {} : { wrapper }) };
  const given = { vault: parameters, governance, ...named };
  requireSafe(chainId, given, sender.address);
  const tokenDecimals = token === undefined ? TEST_DOLLAR_DECIMALS : await decimalsOf(sender.chain, token);
  if (wrapper !== undefined) await decimalsOf(sender.chain, wrapper);
  return { ...given, tokenDecimals };
}

async function decimalsOf(chain: Chain, token: Address): Promise<number> {
  const call = { address: token, abi: erc20Abi, functionName: "decimals", args: [] } as const;
  return readContract(chain, call).catch((cause: unknown) => {
    const error = toChainError(cause, "reading the token");
    if (error.code !== "chain_rejected") throw error;
    const message = `the token ${token} is none on chain ${chain.chainId}: it has nothing there that tells its decimals`;
    throw new StoaError("invalid_configuration", message, { cause });
  });
}

/** The book's content, or an empty one; refuses another chain's. */
export async function openBook(bookFile: string, chainId: number): Promise<AddressBookFile> {
  const book = (await readAddressBook(bookFile)) ?? { chainId, contracts: {}, rolesTxHash: null };
  if (book.chainId === chainId) return book;
  throw new StoaError("invalid_configuration", `${bookFile} is of chain ${book.chainId}, this is chain ${chainId}`);
}

/** Addresses are read from the book when they are asked for, so that each contract knows those before it. */
export function worldOf(book: AddressBookFile, given: SettledParameters, deployer: Address): World {
  const at = new Proxy({} as Record<OwnContract, Address>, {
    get(_, name: OwnContract) {
      const address = book.contracts[name]?.address;
      if (address === undefined) throw new StoaError("internal", `the ${name} was asked for before it was deployed`);
      return address;
    },
  });
  return { given, deployer, at };
}

/** One that stood before this deployment. */
function standing(address: Address): BookEntry {
  return { address, txHash: null, block: null, isWired: true };
}

/** A named contract stands already; the file says so with the first contract that is deployed. */
function nameForeign({ contracts }: AddressBookFile, given: DeploymentParameters, name: "token" | "wrapper"): void {
  const named = namedAddress(given, name);
  if (named === undefined) return;
  contracts[name] ??= standing(named);
  const before = contracts[name].address;
  if (before.toLowerCase() === named.toLowerCase()) return;
  throw new StoaError("invalid_configuration", `the market's ${name} is ${before}, configured is ${named}`);
}
