import { refundEscrow } from "@stoa/chain";
import type { Command } from "commander";
import type { Cli } from "../cli.ts";
import { numberedVerb } from "../contracts/numbered-verb.ts";
import { requireTime } from "../contracts/require-time.ts";
import { requireEscrow } from "./require-escrow.ts";

export function refund(cli: Cli): Command {
  return numberedVerb(cli, {
    name: "refund",
    description: "pay an escrow's requester back: as its provider, or as anyone when nothing was delivered in time",
    of: "an escrow",
    examples: ["stoa escrow refund 3"],
    async act(contracts, escrowId) {
      const { chain, at } = contracts;
      const { terms, state } = await requireEscrow(contracts, escrowId);
      const sender = await contracts.sender();
      if (state === "funded" && sender.address !== terms.provider)
        await requireTime(
          chain,
          terms.deliverBy + 1_000,
          `${terms.provider} can refund escrow ${escrowId} now, anyone else`,
        );
      const txHash = await refundEscrow(sender, { escrow: at("escrow"), escrowId });
      return {
        text: `refunded escrow ${escrowId} to ${terms.requester}`,
        txHash,
        facts: { escrowId, requester: terms.requester },
        hint: "The money is credited to the requester: stoa escrow withdraw",
      };
    },
  });
}
