import { type Agent, agentCard, parseAddress, type Registration, registrationFile, StoaError } from "@stoa/protocol";
import { Command } from "commander";
import type { Cli, GlobalOptions } from "../cli.ts";
import { openMarket, type OpenedMarket } from "../profile/open-market.ts";
import { fields } from "../terminal/table.ts";
import { parseNumber } from "../terminal/parse-number.ts";
import { describeArtifact } from "./describe-artifact.ts";
import { findAgent } from "./find-agent.ts";
import { grantsText } from "./grants-text.ts";

interface Options extends GlobalOptions {
  card?: boolean;
  registration?: boolean;
  agentId?: string;
  registry?: string;
}

export function show(cli: Cli): Command {
  return new Command("show")
    .description("show one agent version whole")
    .argument("<id|name>", "its id, the id's first digits, or its name")
    .option("--card", "as an A2A agent card, in JSON")
    .option("--registration", "as the registration file of ERC-8004, in JSON")
    .option("--agent-id <number>", "with --registration: its number in the identity registry")
    .option("--registry <address>", "with --agent-id: the identity registry")
    .addHelpText("after", "\nExamples: stoa agent show summarize\n          stoa agent show summarize --card")
    .action((idOrName: string, _options: unknown, self: Command) => run(cli, idOrName, self.optsWithGlobals()));
}

async function run(cli: Cli, idOrName: string, options: Options): Promise<void> {
  const { terminal } = cli;
  if (options.card && options.registration)
    throw new StoaError("invalid_request", "--card and --registration are two documents: ask for one");
  const market = await openMarket(cli, options, "anyone");
  const { client, money } = market;
  const agent = await findAgent(client, idOrName);
  if (options.card) return terminal.printJson(agentCard(agent, { marketUrl: market.profile.url }));
  if (options.registration) return terminal.printJson(registrationOf(agent, market, options));
  if (cli.json) return terminal.printJson(agent);
  const { manifest } = agent;
  const { bold, dim } = terminal.out;
  terminal.print(`${bold(`${agent.name} ${agent.version}`)}  ${agent.state}`);
  terminal.print(agent.description);
  terminal.print(
    fields(terminal.out, [
      ["id", agent.versionId],
      ["offers", agent.capabilities.join(", ")],
      ["creator", agent.creator],
      ["royalty", `${money.format(agent.royalty)} per execution`],
      ["hosted by", agent.nodes === 1 ? "1 node online" : `${agent.nodes} nodes online`],
      ["artifact", describeArtifact(manifest.artifact)],
      ["limits", `${manifest.limits.memoryMb} MB, ${manifest.limits.timeMs / 1_000} s`],
      ["may use", grantsText(manifest)],
      ["licence", manifest.licence],
      ["published", agent.publishedAt],
    ]),
  );
  terminal.print(`${dim("input")}\n${JSON.stringify(manifest.input, null, 2)}`);
}

function registrationOf(agent: Agent, { info, profile }: OpenedMarket, { agentId, registry }: Options) {
  if ((agentId === undefined) !== (registry === undefined))
    throw new StoaError("invalid_request", "--agent-id and --registry name a registration together");
  const registrations: Registration[] =
    agentId === undefined || registry === undefined
      ? []
      : [
          {
            chainId: info.chainId,
            registry: parseAddress(registry),
            agentId: parseNumber(agentId, "an agent's number"),
          },
        ];
  return registrationFile(agent, { marketUrl: profile.url, active: agent.state === "active", registrations });
}
