import { claimBatchesAbi, claimBatchesBytecode, claimBatchesRuntime } from "../../generated/claim-batches.ts";
import { evidenceAbi, evidenceBytecode, evidenceRuntime } from "../../generated/evidence.ts";
import { nodesAbi, nodesBytecode, nodesRuntime } from "../../generated/nodes.ts";
import { testDollarAbi, testDollarBytecode, testDollarRuntime } from "../../generated/test-dollar.ts";
import { vaultAbi, vaultBytecode, vaultRuntime } from "../../generated/vault.ts";
import { contract, type SuiteContract } from "./suite-contract.ts";

/** What every market settles in. */
export const moneyContracts: readonly SuiteContract[] = [
  contract({
    name: "token",
    abi: testDollarAbi,
    bytecode: testDollarBytecode,
    runtime: testDollarRuntime,
    args: () => [] as const,
    fixed: () => ({ decimals: 6 }),
  }),
];

/** Requesters' money and providers' stakes. */
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
];
