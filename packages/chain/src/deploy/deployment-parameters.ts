import { type Address, StoaError } from "@stoa/protocol";
import { requireOwnAccounts } from "./require-own-accounts.ts";
import type { VaultParameters } from "../vault/vault-parameters.ts";
import type { OwnContract } from "./suite/suite-contract.ts";
import { isTestChain, requireTestChain } from "./test-chains.ts";

/** Stands for everybody where the timelock asks who may execute, and for nobody where it asks for an admin. */
export const ANYONE: Address = "0x0000000000000000000000000000000000000000";

/** Who governs a market's contracts, and how slowly. */
export interface GovernanceParameters {
  /** Proposes to the timelock: a wallet of several, or a governor contract. */
  governor: Address;
  /** May stop new money at once. */
  guardian: Address;
  /** Between a proposal and its execution. */
  delaySeconds: number;
  /** Receives the initial supply of the market's token. */
  treasury: Address;
  /** Receives what its schedule emits. */
  rewardsReceiver: Address;
}

/** What a market's contracts are deployed with. */
export interface DeploymentParameters {
  vault: VaultParameters;
  governance: GovernanceParameters;
  /** The settlement token; a test dollar is deployed when absent. */
  token?: Address;
  /** The token that wraps the chain's own coin (WETH9's interface); one is deployed when absent. */
  wrapper?: Address;
}

/** Parameters with what the chain says of them. */
export interface SettledParameters extends DeploymentParameters {
  /** Of the settlement token. */
  tokenDecimals: number;
}

/** On a chain where money is worth something, nobody's contracts change within a day of saying so. */
const MIN_DELAY_SECONDS = 86_400;

/** The address of a contract that is somebody else's: the market was told to use it instead of one of its own. */
export function namedAddress({ token, wrapper }: DeploymentParameters, name: OwnContract): Address | undefined {
  if (name === "token") return token;
  return name === "wrapper" ? wrapper : undefined;
}

/** One wallet that governs without delay: for test chains. */
export function testGovernance(wallet: Address): GovernanceParameters {
  return { governor: wallet, guardian: wallet, delaySeconds: 0, treasury: wallet, rewardsReceiver: wallet };
}

/**
 * Refuses what would be a mistake on a chain where money is worth something: a test dollar, a market without a delay,
 * and anybody whose key is printed in every local chain's manual.
 * @throws {StoaError} `invalid_configuration`
 */
export function requireSafe(chainId: number, given: DeploymentParameters, deployer: Address): void {
  const { governance, token, wrapper, vault } = given;
  if (governance.governor === ANYONE)
    throw new StoaError("invalid_configuration", "nobody would govern: name a governor");
  if (token === undefined) requireTestChain(chainId, "a test dollar is deployed", "name the settlement token");
  if (wrapper === undefined) requireTestChain(chainId, "a wrapper is deployed", "name the token that wraps its coin");
  if (isTestChain(chainId)) return;
  if (governance.delaySeconds < MIN_DELAY_SECONDS) {
    throw new StoaError(
      "invalid_configuration",
      `governance on chain ${chainId} needs a delay of at least ${MIN_DELAY_SECONDS} s, got ${governance.delaySeconds}`,
    );
  }
  requireOwnAccounts(chainId, { deployer, ...governance, ...vault });
}
