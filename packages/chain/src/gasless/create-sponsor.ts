import { type Address, StoaError } from "@stoa/protocol";
import type { Hex } from "viem";
import type { LocalAccount } from "viem/accounts";
import type { Chain } from "../client/connect-chain.ts";
import { toChainError } from "../client/to-chain-error.ts";
import { currentFees } from "../sender/fees.ts";
import { accountCode, isMarketCode } from "./account-code.ts";
import { decodeCalls } from "./encode-calls.ts";
import { estimateOperationGas } from "./estimate-operation-gas.ts";
import type { GaslessCall } from "./gasless-account.ts";
import { highestCost, type Operation } from "./operation.ts";
import { memorySpendingBook, type SpendingBook, type SpendingBudgets } from "./spending-book.ts";
import type { Sponsor, SponsoredFields } from "./sponsor.ts";
import { sponsorshipData, sponsorshipTypedData } from "./sponsorship.ts";

export interface SponsorOptions {
  paymaster: Address;
  /** The key that the paymaster has as its sponsor. */
  signer: LocalAccount;
  /** Which calls are paid for, and whose: see {@link sponsorsMarket}. */
  sponsors: (call: GaslessCall, account: Address) => boolean;
  /** In wei: what signed operations may cost at most. The contract has budgets of its own behind these. */
  budgets: SpendingBudgets;
  /** One for all processes that sign with the key; in memory by default. */
  book?: SpendingBook;
  /** How long a signed operation may wait for its block. */
  validSeconds?: number;
}

/** More than this times what it takes is somebody's way to be paid by the sponsor. */
const TOLERATED = 3n;
const MAX_FEE_PER_GAS = 500_000_000_000n;
/** A chain's clock may be behind ours. */
const CLOCK_SKEW_SECONDS = 300;

/**
 * Signs what a market pays for. Each operation is executed against the chain's present state first, so one that would
 * fail is not paid for; what it may cost at most counts for its account's day and for everybody's, and stays counted
 * whatever becomes of it: whoever hosts it lets an account ask only for itself ({@link gaslessService}). Gas and fees
 * far over what the operation takes are refused: they go to whoever bundles it.
 * @example
 * const sponsor = createSponsor(chain, { paymaster, signer, sponsors: sponsorsMarket([vault], token), budgets });
 */
export function createSponsor(chain: Chain, options: SponsorOptions): Sponsor {
  const { paymaster, signer, budgets, book = memorySpendingBook(), validSeconds = 600 } = options;
  const timesFromNow = async () => {
    const seconds = await nextBlockTime(chain);
    return { validAfter: seconds - CLOCK_SKEW_SECONDS, validUntil: seconds + validSeconds };
  };
  return {
    // With its times: the first of a day costs more gas.
    stub: async () => ({ paymaster, paymasterData: sponsorshipData(await timesFromNow()) }),
    async sponsor(given) {
      const times = await timesFromNow();
      const operation = { ...given, paymaster, paymasterData: sponsorshipData(times) };
      requireCalls(operation, options.sponsors);
      const code = await knownCode(chain, operation);
      await requireNormalGas(chain, operation);
      const day = Math.floor(times.validUntil / 86_400);
      if (!(await book.spend(operation.sender, day, highestCost(operation), budgets))) {
        throw new StoaError(
          "budget_exhausted",
          `the sponsor's budget for ${operation.sender} is used up until tomorrow`,
        );
      }
      const typed = sponsorshipTypedData(chain.chainId, paymaster, operation, { ...times, code });
      return fieldsOf(operation, sponsorshipData(times, await signer.signTypedData(typed)));
    },
  };
}

function fieldsOf(operation: Operation & { paymaster: Address }, paymasterData: Hex): SponsoredFields {
  const { paymaster, paymasterVerificationGasLimit = 0n, paymasterPostOpGasLimit = 0n } = operation;
  return { paymaster, paymasterData, paymasterVerificationGasLimit, paymasterPostOpGasLimit };
}

/** In seconds: a local chain may be days ahead of us, and one without transactions far behind. */
async function nextBlockTime({ client }: Chain): Promise<number> {
  const { timestamp } = await client.getBlock().catch((cause: unknown) => {
    throw toChainError(cause, "reading the chain's time");
  });
  return Math.max(Math.floor(Date.now() / 1_000), Number(timestamp));
}

/** @throws {StoaError} `forbidden` */
function requireCalls({ callData, sender }: Operation, sponsors: SponsorOptions["sponsors"]): void {
  const calls = decodeCalls(callData);
  const refused = calls?.find((call) => !sponsors(call, sender));
  if (calls !== null && calls.length > 0 && !refused) return;
  throw new StoaError("forbidden", `the sponsor does not pay for ${refused ? `calling ${refused.to}` : "this call"}`);
}

/** @throws {StoaError} `forbidden` for an account whose code could do something else than the calls say */
async function knownCode(chain: Chain, operation: Operation): Promise<Hex> {
  const code = await accountCode(chain, operation);
  if (code !== undefined && (await isMarketCode(chain, code))) return code;
  throw new StoaError("forbidden", `the sponsor does not know the code of ${operation.sender}`);
}

/** @throws {StoaError} `forbidden`; `chain_rejected` when it would fail */
async function requireNormalGas(chain: Chain, operation: Operation): Promise<void> {
  const [needed, fees] = await Promise.all([
    estimateOperationGas(chain, operation),
    currentFees(chain, MAX_FEE_PER_GAS),
  ]);
  for (const [name, most] of Object.entries({ ...needed, ...fees })) {
    const asked = operation[name as keyof Operation] as bigint | undefined;
    if ((asked ?? 0n) <= most * TOLERATED) continue;
    throw new StoaError("forbidden", `the sponsor pays for ${name} of at most ${most * TOLERATED}, got ${asked}`);
  }
}
