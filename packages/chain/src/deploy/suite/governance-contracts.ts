import { accessManagerAbi, accessManagerBytecode, accessManagerRuntime } from "../../generated/access-manager.ts";
import { emissionAbi, emissionBytecode, emissionRuntime } from "../../generated/emission.ts";
import { stoaTokenAbi, stoaTokenBytecode, stoaTokenRuntime } from "../../generated/stoa-token.ts";
import { timelockAbi, timelockBytecode, timelockRuntime } from "../../generated/timelock.ts";
import { ANYONE } from "../deployment-parameters.ts";
import { contract, type SuiteContract } from "./suite-contract.ts";

/** Who may do what, and the token that will vote on it. */
export const governanceContracts: readonly SuiteContract[] = [
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
];
