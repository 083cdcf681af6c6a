import { nodeStatus, sendHeartbeat } from "@stoa/chain";
import type { Command } from "commander";
import type { Cli } from "../cli.ts";
import { instant } from "../terminal/instant.ts";
import { registeredVerb } from "./registered-verb.ts";

export function heartbeat(cli: Cli): Command {
  return registeredVerb(cli, {
    name: "heartbeat",
    description: "say on chain that your node is alive",
    examples: ["stoa node heartbeat 0xNODE"],
    async act({ contracts, node }) {
      const { chain, token } = contracts;
      const nodes = contracts.at("nodes");
      const txHash = await sendHeartbeat(await contracts.sender(), { nodes, node });
      const { heartbeatAt, isActive } = await nodeStatus(chain, nodes, { node, token });
      return {
        text: `${node} is alive as of ${instant(heartbeatAt)}${isActive ? ", and active" : ""}`,
        txHash,
        facts: { node, heartbeatAt: instant(heartbeatAt), isActive },
        ...(isActive ? {} : { hint: `Why it is not active: stoa stake show ${node}` }),
      };
    },
  });
}
