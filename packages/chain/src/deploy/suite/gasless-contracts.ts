import {
  sponsorPaymasterAbi,
  sponsorPaymasterBytecode,
  sponsorPaymasterRuntime,
} from "../../generated/sponsor-paymaster.ts";
import { ENTRY_POINT_ADDRESS } from "../deploy-entry-point.ts";
import { contract, type SuiteContract } from "./suite-contract.ts";

const ETHER = 10n ** 18n;
/**
 * What gas may cost the market at first, in wei: an operation, an account's day, everybody's day. Whatever they say,
 * it is no more than the deposit.
 */
const BUDGETS = { perOperation: ETHER / 50n, perAccount: ETHER / 5n, perDay: 2n * ETHER };

/** Who pays the gas of users without ether. */
export const gaslessContracts: readonly SuiteContract[] = [
  contract({
    name: "paymaster",
    abi: sponsorPaymasterAbi,
    bytecode: sponsorPaymasterBytecode,
    runtime: sponsorPaymasterRuntime,
    args: ({ at, given: { vault } }) => [at.manager, vault.operator, BUDGETS] as const,
    guards: {
      pause: "guardian",
      unpause: "parameters",
      setSponsor: "parameters",
      setBudgets: "parameters",
      withdrawDeposit: "parameters",
      addStake: "parameters",
      unlockStake: "parameters",
      withdrawStake: "parameters",
    },
    fixed: ({ at }) => ({ authority: at.manager, entryPoint: ENTRY_POINT_ADDRESS }),
    initial: ({ given: { vault } }) => ({ paused: false, sponsor: vault.operator, budgets: BUDGETS }),
  }),
];
