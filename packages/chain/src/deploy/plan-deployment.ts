import { concat, getContractAddress, type Hex, hexToBytes, zeroHash } from "viem";
import type { Address } from "@stoa/protocol";
import type { Chain } from "../client/connect-chain.ts";
import { toChainError } from "../client/to-chain-error.ts";
import type { ContractName } from "./address-book.ts";
import { codeAt } from "./code-at.ts";
import { FACTORY, requireFactory } from "./deploy-by-factory.ts";
import { deployData, madeAddress } from "./deploy-contract.ts";
import { type DeployOptions, openBook, toDeploymentParameters, worldOf } from "./deploy-market.ts";
import { type DeploymentParameters, namedAddress } from "./deployment-parameters.ts";
import { everyRole } from "./missing-roles.ts";
import { type SharedDeployment, sharedContracts } from "./shared-contracts.ts";
import { suite } from "./suite/suite.ts";
import type { OwnContract, World } from "./suite/suite-contract.ts";
import { multicall } from "./wire-roles.ts";

/** What a deployment would do, and what it would cost. */
export interface DeploymentPlan {
  chainId: number;
  deployer: Address;
  parameters: DeploymentParameters;
  steps: PlannedStep[];
  /** Of what is left to do, with the margin a sender puts on top. */
  gas: bigint;
  /** Wei, as the chain asks now. Rollups add what their data costs on the chain below. */
  maxFeePerGas: bigint;
  /** Wei. */
  balanceNeeded: bigint;
  balance: bigint;
}

export interface PlannedStep {
  name: ContractName | "roles";
  /** Where it stands, or will if the deployer sends nothing else before. */
  address: Address;
  /** 0 for what stands already, and for what another contract makes. */
  gas: bigint;
  isDone: boolean;
  /** Who may do what afterwards, for the roles. */
  what?: string[];
}

const MARGIN_PERCENT = 130n;
/** Of a call that sets a role; the first of a contract costs most. */
const GAS_PER_ROLE = 60_000n;
const BASE_GAS = 21_000n;
const CREATE_GAS = 32_000n;
const GAS_PER_BYTE_STORED = 200n;
/** EIP-7623's floor is below it for code. */
const GAS_PER_BYTE_SENT = 16n;

/** Says what {@link deployMarket} would do with the same options; sends nothing and writes nothing. */
export async function planDeployment(options: DeployOptions): Promise<DeploymentPlan> {
  const { sender } = options;
  const { chain } = sender;
  const given = await toDeploymentParameters(options);
  const book = await openBook(options.bookFile, chain.chainId);
  const [nonce, balance, fees] = await ask(chain, sender.address);
  const steps = await Promise.all(sharedContracts.map((shared) => sharedStep(chain, shared)));
  const missing = steps.filter(({ isDone }) => !isDone).length;
  if (missing > 0) await requireFactory(chain);
  let next = BigInt(nonce + missing);
  for (const contract of suite) {
    const { name } = contract;
    const address = book.contracts[name]?.address ?? namedAddress(given, name);
    if (address !== undefined) {
      steps.push({ name, address, gas: 0n, isDone: true });
      book.contracts[name] ??= { address, txHash: null, block: null, isWired: true };
      continue;
    }
    if (contract.madeBy) {
      const made = madeAddress(contract.madeBy, worldOf(book, given, sender.address));
      book.contracts[name] = { address: made, txHash: null, block: null, isWired: false };
      steps.push({ name, address: made, gas: 0n, isDone: false });
      continue;
    }
    const predicted = getContractAddress({ from: sender.address, nonce: next });
    next += 1n;
    book.contracts[name] = { address: predicted, txHash: zeroHash, block: null, isWired: false };
    const data = deployData(contract, worldOf(book, given, sender.address));
    const gas = gasOfCode(data, contract.runtime.length);
    const estimated = contract.asksOthers ? gas : await estimate(chain, sender.address, data, gas);
    steps.push({ name, address: predicted, gas: estimated, isDone: false });
  }
  const unwired = suite.map(({ name }) => name).filter((name) => book.contracts[name]?.isWired === false);
  steps.push(rolesStep(worldOf(book, given, sender.address), unwired));
  const gas = (steps.reduce((sum, step) => sum + step.gas, 0n) * MARGIN_PERCENT) / 100n;
  const { maxFeePerGas } = fees;
  const cost = { gas, maxFeePerGas, balanceNeeded: gas * maxFeePerGas, balance };
  return { chainId: chain.chainId, deployer: sender.address, parameters: given, steps, ...cost };
}

function ask(chain: Chain, address: Address) {
  return Promise.all([
    chain.client.getTransactionCount({ address, blockTag: "pending" }),
    chain.client.getBalance({ address }),
    chain.client.estimateFeesPerGas(),
  ]).catch((cause: unknown) => {
    throw toChainError(cause, "planning the deployment");
  });
}

/**
 * What the chain says of a deployment; by its length where the chain cannot say, as for one that calls another.
 * @throws {StoaError} `chain_rejected` when a contract itself refuses its parameters
 */
async function estimate(chain: Chain, account: Address, data: Hex, otherwise: bigint): Promise<bigint> {
  return chain.client.estimateGas({ account, data }).catch((cause: unknown) => {
    const error = toChainError(cause, "planning the deployment");
    if (error.details?.["error"] !== undefined) throw error;
    return otherwise;
  });
}

function gasOfCode(data: Hex, deployedBytes: number): bigint {
  const sent = BigInt(hexToBytes(data).length) * GAS_PER_BYTE_SENT;
  return BASE_GAS + CREATE_GAS + sent + BigInt(deployedBytes) * GAS_PER_BYTE_STORED;
}

async function sharedStep(chain: Chain, { name, address, bytecode }: SharedDeployment): Promise<PlannedStep> {
  if (await codeAt(chain, address)) return { name, address, gas: 0n, isDone: true };
  const data = concat([FACTORY, zeroHash, bytecode]);
  return { name, address, gas: gasOfCode(data, hexToBytes(bytecode).length), isDone: false };
}

function rolesStep(world: World, unwired: readonly OwnContract[]): PlannedStep {
  const calls = everyRole(world, unwired);
  const address = world.at.manager;
  if (unwired.length === 0) return { name: "roles", address, gas: 0n, isDone: true };
  const sent = BigInt(hexToBytes(multicall(calls.map(({ data }) => data))).length) * GAS_PER_BYTE_SENT;
  const gas = BASE_GAS + sent + BigInt(calls.length + 1) * GAS_PER_ROLE;
  return { name: "roles", address, gas, isDone: false, what: calls.map(({ what }) => what) };
}
