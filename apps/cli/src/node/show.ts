import { type Node, StoaError } from "@stoa/protocol";
import type { StoaClient } from "@stoa/sdk";
import { Command } from "commander";
import type { Cli, GlobalOptions } from "../cli.ts";
import { openMarket } from "../profile/open-market.ts";
import { fields } from "../terminal/table.ts";

/** How many of the newest nodes a name is looked for in. */
const LOOKED_THROUGH = 100;

export function show(cli: Cli): Command {
  return new Command("show")
    .description("a node's public record: what it delivered, what it failed, and what that cost it")
    .argument("<id|name>", "the address of the node's key, or its name")
    .addHelpText("after", "\nExample: stoa node show attica")
    .action((id: string, _options: unknown, self: Command) => run(cli, id, self.optsWithGlobals()));
}

async function run(cli: Cli, id: string, options: GlobalOptions): Promise<void> {
  const { terminal } = cli;
  const { client, money } = await openMarket(cli, options, "anyone");
  const node = await findNode(client, id);
  if (cli.json) return terminal.printJson(node);
  const { bold, green, dim } = terminal.out;
  const { awards, faults } = node;
  terminal.print(`${bold(node.name)}  ${node.online ? green("online") : dim("offline")}`);
  terminal.print(
    fields(terminal.out, [
      ["id", node.id],
      ["provider", node.provider],
      ["slots", `${node.running} of ${node.slots} busy`],
      ["agents", String(node.agents.length)],
      ["stake", `${money.format(node.stake)}, bonded ${money.format(node.bonded)}`],
      ["delivered", String(awards.delivered)],
      ["agents failed", String(awards.failed)],
      ["at fault", `${awards.faulted}: ${faultsText(faults)}`],
      ["damages", money.format(faults.damages)],
      [
        "last fault",
        faults.last ? `${faults.last.reason} at ${faults.last.at}, task ${faults.last.taskId}` : undefined,
      ],
      ["linked", node.linkedAt],
      ["seen", node.seenAt],
    ]),
  );
}

function faultsText({ refused, notStarted, notDelivered }: Node["faults"]): string {
  return `${refused} refused, ${notStarted} not started in time, ${notDelivered} not delivered in time`;
}

/** @throws {StoaError} `not_found`, `malformed_id` when several nodes have the name */
async function findNode(client: StoaClient, text: string): Promise<Node> {
  if (text.startsWith("0x")) return client.nodes.get(text);
  const { items } = await client.nodes.list({ limit: LOOKED_THROUGH });
  const [node, other] = items.filter(({ name }) => name === text);
  if (!node) throw new StoaError("not_found", `no node of the newest ${LOOKED_THROUGH} is called ${text}: give its id`);
  if (other) throw new StoaError("malformed_id", `several nodes are called ${text}: give the id`);
  return node;
}
