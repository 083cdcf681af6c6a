import type { Abi, ContractConstructorArgs, ContractFunctionName, Hex } from "viem";
import type { Address } from "@stoa/protocol";
import { accessManagerAbi, accessManagerBytecode, accessManagerRuntime } from "../generated/access-manager.ts";
import { emissionAbi, emissionBytecode, emissionRuntime } from "../generated/emission.ts";
import { stoaTokenAbi, stoaTokenBytecode, stoaTokenRuntime } from "../generated/stoa-token.ts";
import { testDollarAbi, testDollarBytecode, testDollarRuntime } from "../generated/test-dollar.ts";
import { timelockAbi, timelockBytecode, timelockRuntime } from "../generated/timelock.ts";
import { vaultAbi, vaultBytecode, vaultRuntime } from "../generated/vault.ts";
import { ANYONE, type DeploymentParameters } from "./deployment-parameters.ts";
import type { Role } from "./roles.ts";

/** The contracts of a market that are deployed for it alone, in the order in which they are. */
export type OwnContract = "token" | "manager" | "timelock" | "stoa" | "emission" | "vault";

/** What a contract of the suite may be made of: the parameters, and the addresses of those before it. */
export interface World {
  given: DeploymentParameters;
  deployer: Address;
  at: Readonly<Record<OwnContract, Address>>;
}

/** Where in a contract's bytecode its deployed code stands, and where in that its immutables are. */
export interface RuntimePlace {
  start: number;
  length: number;
  immutables: readonly (readonly [start: number, length: number])[];
}

/** A contract of the suite: how it is made, who may call what of it, and what it must answer once it stands. */
export interface SuiteContract {
  name: OwnContract;
  abi: Abi;
  bytecode: Hex;
  runtime: RuntimePlace;
  args: (world: World) => readonly unknown[];
  /** Its restricted functions, and the role each needs. */
  guards: Readonly<Record<string, Role>>;
  /** Roles that it holds itself. */
  holds: readonly Role[];
  /** Views without arguments that never change. */
  fixed: (world: World) => Readonly<Record<string, unknown>>;
  /** Views without arguments that governance may change later. */
  initial: (world: World) => Readonly<Record<string, unknown>>;
}

interface Definition<Code extends Abi> {
  name: OwnContract;
  abi: Code;
  bytecode: Hex;
  runtime: RuntimePlace;
  args: (world: World) => ContractConstructorArgs<Code>;
  guards?: Partial<Record<ContractFunctionName<Code, "nonpayable" | "payable">, Role>>;
  holds?: readonly Role[];
  fixed?: (world: World) => Partial<Record<ContractFunctionName<Code, "view" | "pure">, unknown>>;
  initial?: (world: World) => Partial<Record<ContractFunctionName<Code, "view" | "pure">, unknown>>;
}

/** Checks names and arguments against the contract's own ABI. */
function contract<const Code extends Abi>(definition: Definition<Code>): SuiteContract {
  const nothing = () => ({});
  return { guards: {}, holds: [], fixed: nothing, initial: nothing, ...definition } as SuiteContract;
}

/** To add a contract: list it in contracts/scripts/compile.ts, name it in `OwnContract`, and describe it here. */
export const suite: readonly SuiteContract[] = [
  contract({
    name: "token",
    abi: testDollarAbi,
    bytecode: testDollarBytecode,
    runtime: testDollarRuntime,
    args: () => [] as const,
    fixed: () => ({ decimals: 6 }),
  }),
  contract({
    name: "manager",
    abi: accessManagerAbi,
    bytecode: accessManagerBytecode,
    runtime: accessManagerRuntime,
    args: ({ deployer }) => [deployer] as const,
  }),
  contract({
    name: "timelock",
    abi: timelockAbi,
    bytecode: timelockBytecode,
    runtime: timelockRuntime,
    // Without an admin it is its own; once an operation is due, anyone may execute it.
    args: ({ given: { governance } }) =>
      [BigInt(governance.delaySeconds), [governance.governor], [ANYONE], ANYONE] as const,
    holds: ["admin", "parameters"],
    initial: ({ given: { governance } }) => ({ getMinDelay: BigInt(governance.delaySeconds) }),
  }),
  contract({
    name: "stoa",
    abi: stoaTokenAbi,
    bytecode: stoaTokenBytecode,
    runtime: stoaTokenRuntime,
    args: ({ at, given }) => [at.manager, given.governance.treasury] as const,
    guards: { mint: "minter" },
    fixed: ({ at }) => ({ authority: at.manager }),
  }),
  contract({
    name: "emission",
    abi: emissionAbi,
    bytecode: emissionBytecode,
    runtime: emissionRuntime,
    args: ({ at, given }) => [at.manager, at.stoa, given.governance.rewardsReceiver] as const,
    guards: { setReceiver: "parameters" },
    holds: ["minter"],
    fixed: ({ at }) => ({ authority: at.manager, token: at.stoa }),
    initial: ({ given }) => ({ receiver: given.governance.rewardsReceiver }),
  }),
  contract({
    name: "vault",
    abi: vaultAbi,
    bytecode: vaultBytecode,
    runtime: vaultRuntime,
    args: ({ at, given: { vault } }) => {
      const seconds = {
        withdrawDelay: BigInt(vault.withdrawDelay),
        challengeWindow: BigInt(vault.challengeWindow),
      };
      return [at.manager, { ...vault, ...seconds }] as const;
    },
    guards: { pause: "guardian", unpause: "parameters" },
    fixed: ({ at, given }) => ({ authority: at.manager, parameters: given.vault }),
    initial: () => ({ paused: false }),
  }),
];
