import { arbitratorOf, collectSeats, seatsOf } from "@stoa/chain";
import { StoaError } from "@stoa/protocol";
import type { Command } from "commander";
import type { Cli } from "../cli.ts";
import { numberedVerb } from "../contracts/numbered-verb.ts";
import type { OpenedContracts } from "../contracts/open-contracts.ts";
import { requireDispute } from "./require-dispute.ts";

export function collect(cli: Cli): Command {
  return numberedVerb(cli, {
    name: "collect",
    description: "get your stake of a closed dispute back, with what your votes earned or less what they lost",
    of: "a dispute",
    examples: ["stoa dispute collect 1"],
    async act(contracts, disputeId) {
      const { round: last } = await requireDispute(contracts, disputeId, "closed");
      const [sender, court] = [await contracts.sender(), contracts.at("court")];
      const round = await firstUncollected(contracts, { disputeId, last, arbitrator: sender.address });
      const before = await arbitratorOf(contracts.chain, court, sender.address);
      const txHash = await collectSeats(sender, { court, disputeId, round });
      const after = await arbitratorOf(contracts.chain, court, sender.address);
      const [back, earned] = [after.staked - before.staked, after.balance - before.balance];
      const money = contracts.money;
      return {
        text: `collected round ${round} of dispute ${disputeId}: ${money.format(back)} of stake back, ${money.format(earned)} earned`,
        txHash,
        facts: { disputeId, round, back, earned },
        hint: "What was earned is fetched with stoa dispute withdraw; further rounds are collected one by one",
      };
    },
  });
}

async function firstUncollected(
  { chain, at }: OpenedContracts,
  { disputeId, last, arbitrator }: { disputeId: bigint; last: number; arbitrator: `0x${string}` },
): Promise<number> {
  for (let round = 0; round <= last; round += 1) {
    const { count, collected } = await seatsOf(chain, at("court"), { disputeId, round, arbitrator });
    if (count > 0 && !collected) return round;
  }
  throw new StoaError("wrong_state", `${arbitrator} has no seats in dispute ${disputeId} that are left to collect`);
}
