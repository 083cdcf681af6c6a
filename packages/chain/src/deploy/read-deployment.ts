import { type Abi, keccak256, toHex } from "viem";
import type { Address } from "@stoa/protocol";
import type { Chain } from "../client/connect-chain.ts";
import { readContract } from "../client/read-contract.ts";
import { toChainError } from "../client/to-chain-error.ts";
import { accessManagerAbi } from "../generated/access-manager.ts";
import { emissionAbi } from "../generated/emission.ts";
import { stoaTokenAbi } from "../generated/stoa-token.ts";
import { timelockAbi } from "../generated/timelock.ts";
import { vaultParameters, type VaultParameters } from "../vault/vault-parameters.ts";
import { type AddressBookFile, type ContractAddresses, type ContractName, toAddressBook } from "./address-book.ts";
import { isCodeOf } from "./contract-code.ts";
import { guardsOf } from "./missing-roles.ts";
import { readRoleMembers, readTimelockMembers, type RoleMember } from "./read-role-members.ts";
import { type Role, roles } from "./roles.ts";
import { suite } from "./suite/suite.ts";
import type { SuiteContract } from "./suite/suite-contract.ts";

/** What stands of a market on its chain, as the chain says now. */
export interface DeploymentStatus {
  chainId: number;
  head: { number: number; at: number };
  contracts: ContractStatus[];
  roles: RoleStatus[];
  timelock: { delaySeconds: number; proposers: Address[]; executors: Address[] };
  vault: VaultParameters;
  /** The market's token, in its smallest unit. */
  stoa: { supply: bigint; scheduled: bigint; cap: bigint; due: bigint; receiver: Address };
}

export interface ContractStatus {
  name: ContractName;
  address: Address;
  /** Null for one that was there before. */
  block: number | null;
  code: "as built" | "other" | "none";
  /** Null for one that cannot be. */
  isPaused: boolean | null;
}

export interface RoleStatus {
  role: Role;
  members: RoleMember[];
  /** What its members may call: "vault.pause". */
  functions: string[];
}

/**
 * Reads what stands of a market, who may do what, and what is paused.
 * @throws {StoaError} `invalid_configuration` when the book is of another chain or lacks a contract
 */
export async function readDeployment(chain: Chain, file: AddressBookFile): Promise<DeploymentStatus> {
  const book = toAddressBook(file, chain.chainId);
  const head = await chain.client.getBlock({ blockTag: "latest" }).catch((cause: unknown) => {
    throw toChainError(cause, "reading the head");
  });
  const where = { from: book.deployedAtBlock, to: Number(head.number) };
  const [contracts, functions, members, timelock, vault, stoa] = await Promise.all([
    Promise.all((Object.keys(file.contracts) as ContractName[]).map((name) => readContractStatus(chain, file, name))),
    readFunctionRoles(chain, book),
    readRoleMembers(chain, { address: book.manager, ...where }),
    readTimelock(chain, book.timelock, where),
    vaultParameters(chain, book.vault),
    readStoa(chain, book, head.timestamp),
  ]);
  const roleStatus = (Object.keys(roles) as Role[]).map((role) => ({
    role,
    members: members.get(roles[role]) ?? [],
    functions: functions.filter(({ id }) => id === roles[role]).map(({ name }) => name),
  }));
  const at = Number(head.timestamp) * 1_000;
  return {
    chainId: chain.chainId,
    head: { number: where.to, at },
    contracts,
    roles: roleStatus,
    timelock,
    vault,
    stoa,
  };
}

async function readContractStatus(chain: Chain, file: AddressBookFile, name: ContractName): Promise<ContractStatus> {
  const { address, block } = file.contracts[name]!;
  const contract = suite.find((candidate) => candidate.name === name);
  const code = await chain.client.getCode({ address }).catch((cause: unknown) => {
    throw toChainError(cause, `looking for the ${name}`);
  });
  const isOurs = code !== undefined && contract !== undefined && isCodeOf(contract, code);
  // Somebody else's token and the shared contracts, which stand where their code puts them, are as built by being there.
  const isForeign = file.contracts[name]?.txHash === null;
  const isPaused = isOurs && contract && hasPause(contract) ? await readPaused(chain, address, contract.abi) : null;
  return { name, address, block, code: code ? (isOurs || isForeign ? "as built" : "other") : "none", isPaused };
}

function hasPause({ abi }: SuiteContract): boolean {
  return abi.some((item) => item.type === "function" && item.name === "paused");
}

async function readPaused(chain: Chain, address: Address, abi: Abi): Promise<boolean> {
  return (await readContract(chain, { address, abi, functionName: "paused", args: [] })) as boolean;
}

/** Which role each restricted function needs, as the manager says. */
function readFunctionRoles(chain: Chain, book: ContractAddresses) {
  return Promise.all(
    guardsOf().map(async ({ contract, functionName, selector }) => ({
      name: `${contract.name}.${functionName}`,
      id: await readContract(chain, {
        address: book.manager,
        abi: accessManagerAbi,
        functionName: "getTargetFunctionRole",
        args: [book[contract.name], selector],
      }),
    })),
  );
}

async function readTimelock(chain: Chain, address: Address, where: { from: number; to: number }) {
  const [delay, members] = await Promise.all([
    readContract(chain, { address, abi: timelockAbi, functionName: "getMinDelay", args: [] }),
    readTimelockMembers(chain, { address, ...where }),
  ]);
  const having = (role: string) => members.get(keccak256(toHex(role))) ?? [];
  return { delaySeconds: Number(delay), proposers: having("PROPOSER_ROLE"), executors: having("EXECUTOR_ROLE") };
}

async function readStoa(chain: Chain, book: ContractAddresses, timestamp: bigint): Promise<DeploymentStatus["stoa"]> {
  const stoa = { address: book.stoa, abi: stoaTokenAbi } as const;
  const emission = { address: book.emission, abi: emissionAbi } as const;
  const [supply, scheduled, cap, receiver] = await Promise.all([
    readContract(chain, { ...stoa, functionName: "totalSupply", args: [] }),
    readContract(chain, { ...stoa, functionName: "scheduledSupply", args: [timestamp] }),
    readContract(chain, { ...stoa, functionName: "CAP", args: [] }),
    readContract(chain, { ...emission, functionName: "receiver", args: [] }),
  ]);
  return { supply, scheduled, cap, due: scheduled - supply, receiver };
}
