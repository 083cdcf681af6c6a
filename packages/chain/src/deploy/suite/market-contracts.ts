import { claimBatchesAbi, claimBatchesBytecode, claimBatchesRuntime } from "../../generated/claim-batches.ts";
import { depositsAbi, depositsBytecode, depositsRuntime } from "../../generated/deposits.ts";
import { evidenceAbi, evidenceBytecode, evidenceRuntime } from "../../generated/evidence.ts";
import { nodesAbi, nodesBytecode, nodesRuntime } from "../../generated/nodes.ts";
import { operatorBondsAbi, operatorBondsBytecode, operatorBondsRuntime } from "../../generated/operator-bonds.ts";
import { testDollarAbi, testDollarBytecode, testDollarRuntime } from "../../generated/test-dollar.ts";
import { vaultAbi, vaultBytecode, vaultRuntime } from "../../generated/vault.ts";
import { wrappedNativeAbi, wrappedNativeBytecode, wrappedNativeRuntime } from "../../generated/wrapped-native.ts";
import { contract, type SuiteContract } from "./suite-contract.ts";

/** What every market settles in, and what its chain's own coin comes in as. */
export const moneyContracts: readonly SuiteContract[] = [
  contract({
    name: "token",
    abi: testDollarAbi,
    bytecode: testDollarBytecode,
    runtime: testDollarRuntime,
    args: () => [] as const,
    fixed: () => ({ decimals: 6 }),
  }),
  contract({
    name: "wrapper",
    abi: wrappedNativeAbi,
    bytecode: wrappedNativeBytecode,
    runtime: wrappedNativeRuntime,
    fixed: () => ({ decimals: 18 }),
  }),
];

/** Requesters' money, providers' stakes and the operator's bonds. */
export const marketContracts: readonly SuiteContract[] = [
  contract({
    name: "claimBatches",
    abi: claimBatchesAbi,
    bytecode: claimBatchesBytecode,
    runtime: claimBatchesRuntime,
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
      return [at.manager, { ...vault, ...seconds }, at.claimBatches] as const;
    },
    guards: { pause: "guardian", unpause: "parameters" },
    fixed: ({ at, given }) => ({ authority: at.manager, parameters: given.vault, claimBatches: at.claimBatches }),
    initial: () => ({ paused: false }),
  }),
  contract({
    name: "evidence",
    abi: evidenceAbi,
    bytecode: evidenceBytecode,
    runtime: evidenceRuntime,
    madeBy: { contract: "vault", nth: 1 },
  }),
  contract({
    name: "nodes",
    abi: nodesAbi,
    bytecode: nodesBytecode,
    runtime: nodesRuntime,
    madeBy: { contract: "vault", nth: 2 },
    guards: {
      pause: "guardian",
      unpause: "parameters",
      setMinimumStake: "parameters",
      setHeartbeatWindow: "parameters",
      setConflictShares: "parameters",
      slashByRuling: "court",
      reward: "rewarder",
    },
    fixed: ({ at }) => ({ authority: at.manager, vault: at.vault }),
    initial: () => ({ paused: false }),
  }),
  contract({
    name: "bonds",
    abi: operatorBondsAbi,
    bytecode: operatorBondsBytecode,
    runtime: operatorBondsRuntime,
    args: ({ at }) => [at.manager, at.vault] as const,
    asksOthers: true,
    guards: { pause: "guardian", unpause: "parameters" },
    fixed: ({ at, given: { vault } }) => ({ authority: at.manager, vault: at.vault, operator: vault.operator }),
    initial: () => ({ paused: false }),
  }),
  contract({
    name: "deposits",
    abi: depositsAbi,
    bytecode: depositsBytecode,
    runtime: depositsRuntime,
    args: ({ at }) => [at.vault, at.wrapper] as const,
    fixed: ({ at }) => ({ vault: at.vault, wrapper: at.wrapper }),
  }),
];
