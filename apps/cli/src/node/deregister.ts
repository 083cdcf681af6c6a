import { deregisterNode } from "@stoa/chain";
import type { Command } from "commander";
import type { Cli } from "../cli.ts";
import { registeredVerb } from "./registered-verb.ts";

export function deregister(cli: Cli): Command {
  return registeredVerb(cli, {
    name: "deregister",
    description: "end your node's registration on chain; its stake stays where it is",
    examples: ["stoa node deregister 0xNODE"],
    async act({ contracts, node }) {
      const txHash = await deregisterNode(await contracts.sender(), { nodes: contracts.at("nodes"), node });
      return {
        text: `${node} is not registered any more`,
        txHash,
        facts: { node },
        hint: `What is at stake for it: stoa stake show ${node}`,
      };
    },
  });
}
