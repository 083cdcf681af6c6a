import type { Address } from "@stoa/protocol";
import { entryPoint08Abi } from "viem/account-abstraction";
import type { Chain } from "../client/connect-chain.ts";
import { readContract } from "../client/read-contract.ts";
import { ENTRY_POINT_ADDRESS } from "../deploy/deploy-entry-point.ts";
import { sponsorPaymasterAbi } from "../generated/sponsor-paymaster.ts";

/** What a paymaster has and may spend, in wei. */
export interface PaymasterStatus {
  deposit: bigint;
  stake: bigint;
  sponsor: Address;
  budgets: { perOperation: bigint; perAccount: bigint; perDay: bigint };
  /** What operations counted for, in the day they were counted in last: days since 1970. */
  spent: { day: number; amount: bigint };
}

/** Reads what a market's paymaster has and may spend. */
export async function paymasterStatus(chain: Chain, address: Address): Promise<PaymasterStatus> {
  const paymaster = { address, abi: sponsorPaymasterAbi } as const;
  const [info, sponsor, budgets, [day, amount]] = await Promise.all([
    readContract(chain, {
      address: ENTRY_POINT_ADDRESS,
      abi: entryPoint08Abi,
      functionName: "getDepositInfo",
      args: [address],
    }),
    readContract(chain, { ...paymaster, functionName: "sponsor", args: [] }),
    readContract(chain, { ...paymaster, functionName: "budgets", args: [] }),
    readContract(chain, { ...paymaster, functionName: "spentInAll", args: [] }),
  ]);
  return { deposit: info.deposit, stake: info.stake, sponsor, budgets, spent: { day: Number(day), amount } };
}
