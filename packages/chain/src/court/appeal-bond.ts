import type { Address } from "@stoa/protocol";
import type { Chain } from "../client/connect-chain.ts";
import { type CourtBond, courtBond } from "./court-bond.ts";
import { disputeOf } from "./dispute-of.ts";

/** What an appeal of a dispute's last verdict costs either side: a seat's bond for each of twice as many and one more. */
export async function appealBond(chain: Chain, court: Address, disputeId: bigint): Promise<CourtBond> {
  const { round, seats } = await disputeOf(chain, court, disputeId);
  const last = await courtBond(chain, court, { disputeId, round });
  return { token: last.token, amount: (last.amount / BigInt(seats)) * BigInt(2 * seats + 1) };
}
