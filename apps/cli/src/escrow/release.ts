import { releaseEscrow } from "@stoa/chain";
import type { Command } from "commander";
import type { Cli } from "../cli.ts";
import { numberedVerb } from "../contracts/numbered-verb.ts";
import { requireTime } from "../contracts/require-time.ts";
import { requireEscrow } from "./require-escrow.ts";

export function release(cli: Cli): Command {
  return numberedVerb(cli, {
    name: "release",
    description: "pay an escrow's provider: as its requester, or as anyone once the approval window has passed",
    of: "an escrow",
    examples: ["stoa escrow release 3"],
    async act(contracts, escrowId) {
      const { chain, at } = contracts;
      const { terms, state, approveBy } = await requireEscrow(contracts, escrowId);
      const sender = await contracts.sender();
      if (state === "delivered" && approveBy !== null && sender.address !== terms.requester)
        await requireTime(chain, approveBy, `${terms.requester} can release escrow ${escrowId} now, anyone else`);
      const txHash = await releaseEscrow(sender, { escrow: at("escrow"), escrowId });
      return {
        text: `released escrow ${escrowId} to ${terms.provider}`,
        txHash,
        facts: { escrowId, provider: terms.provider },
        hint: "The money is credited to the provider: stoa escrow withdraw",
      };
    },
  });
}
