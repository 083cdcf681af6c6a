import type { Abi, ContractConstructorArgs, ContractFunctionName, Hex } from "viem";
import type { Address } from "@stoa/protocol";
import type { SettledParameters } from "../deployment-parameters.ts";
import type { Role } from "../roles.ts";

/** The contracts of a market that are deployed for it alone. */
export type OwnContract =
  | "token"
  | "wrapper"
  | "manager"
  | "timelock"
  | "stoa"
  | "emission"
  | "claimBatches"
  | "vault"
  | "evidence"
  | "nodes"
  | "bonds"
  | "deposits"
  | "identity"
  | "reputation"
  | "validation"
  | "feedback"
  | "statuses"
  | "entitlements"
  | "court"
  | "escrow"
  | "resultHashes"
  | "nodeSignatures"
  | "validatorAnswers"
  | "channels"
  | "auctions"
  | "paymaster";

/** What a contract of the suite may be made of: the parameters, and the addresses of those before it. */
export interface World {
  given: SettledParameters;
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
  /**
   * The contract whose constructor makes this one, and which of what it makes this is; none when it is deployed by a
   * transaction of its own.
   */
  madeBy: { contract: OwnContract; nth: number } | undefined;
  /** Whether its constructor asks another contract: before that stands, nobody can say what it costs. */
  asksOthers: boolean;
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
  args?: (world: World) => ContractConstructorArgs<Code>;
  madeBy?: { contract: OwnContract; nth: number };
  asksOthers?: boolean;
  guards?: Partial<Record<ContractFunctionName<Code, "nonpayable" | "payable">, Role>>;
  holds?: readonly Role[];
  fixed?: (world: World) => Partial<Record<ContractFunctionName<Code, "view" | "pure">, unknown>>;
  initial?: (world: World) => Partial<Record<ContractFunctionName<Code, "view" | "pure">, unknown>>;
}

/** Checks names and arguments against the contract's own ABI. */
export function contract<const Code extends Abi>(definition: Definition<Code>): SuiteContract {
  const nothing = () => ({});
  const defaults = {
    args: () => [],
    madeBy: undefined,
    asksOthers: false,
    guards: {},
    holds: [],
    fixed: nothing,
    initial: nothing,
  };
  return { ...defaults, ...definition } as SuiteContract;
}
