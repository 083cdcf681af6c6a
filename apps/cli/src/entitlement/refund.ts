import { accessOf, refundAccess } from "@stoa/chain";
import { StoaError } from "@stoa/protocol";
import type { Command } from "commander";
import type { Cli } from "../cli.ts";
import { numberedVerb } from "../contracts/numbered-verb.ts";

export function refund(cli: Cli): Command {
  return numberedVerb(cli, {
    name: "refund",
    description: "return your newest purchase of access within its window, for all that you paid",
    of: "an agent",
    examples: ["stoa entitlement refund 7"],
    async act(contracts, agentId) {
      const sale = contracts.at("entitlements");
      const sender = await contracts.sender();
      const of = { sale, account: sender.address, agentId };
      const { hasAccess: held, isFinal } = await accessOf(contracts.chain, of);
      if (!held || isFinal)
        throw new StoaError("wrong_state", `${sender.address} has no access to agent ${agentId} that can be returned`);
      const txHash = await refundAccess(sender, { sale, agentId });
      const { hasAccess } = await accessOf(contracts.chain, of);
      const text = `returned access to agent ${agentId}; the money is in your wallet`;
      return { text, txHash, facts: { agentId, holder: sender.address, hasAccess } };
    },
  });
}
