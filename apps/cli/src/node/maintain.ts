import { declareMaintenance } from "@stoa/chain";
import { StoaError } from "@stoa/protocol";
import type { Command } from "commander";
import type { Cli } from "../cli.ts";
import { chainTime } from "../contracts/chain-time.ts";
import type { ChainOptions } from "../profile/open-rpc.ts";
import { instant } from "../terminal/instant.ts";
import { parseSeconds } from "../terminal/parse-seconds.ts";
import { registeredVerb } from "./registered-verb.ts";

interface Options extends ChainOptions {
  for?: string;
  end?: boolean;
}

export function maintain(cli: Cli): Command {
  return registeredVerb<Options>(cli, {
    name: "maintain",
    description: "say on chain that your node takes no work for a while, or takes it again",
    examples: ["stoa node maintain 0xNODE --for 2h", "stoa node maintain 0xNODE --end"],
    async act({ contracts, node, options }) {
      const now = await chainTime(contracts.chain);
      const until = wanted(options, now);
      const txHash = await declareMaintenance(await contracts.sender(), { nodes: contracts.at("nodes"), node, until });
      const text = typeof until === "number" ? `until ${instant(until)}` : until;
      return {
        text: text === null ? `${node} takes work again` : `${node} is in maintenance ${text}`,
        txHash,
        facts: { node, until: typeof until === "number" ? instant(until) : until },
      };
    },
  })
    .option("--for <time>", "how long, such as 30m or 2h; until further notice unless said otherwise")
    .option("--end", "end it now");
}

function wanted(options: Options, now: number): number | "until further notice" | null {
  if (options.end && options.for !== undefined)
    throw new StoaError("invalid_request", "expected either --for or --end");
  if (options.end) return null;
  return options.for === undefined ? "until further notice" : now + parseSeconds(options.for, "--for") * 1_000;
}
