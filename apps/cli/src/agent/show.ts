import type { Manifest } from "@stoa/protocol";
import { Command } from "commander";
import type { Cli, GlobalOptions } from "../cli.ts";
import { openMarket } from "../profile/open-market.ts";
import { fields } from "../terminal/table.ts";
import { describeArtifact } from "./describe-artifact.ts";
import { findAgent } from "./find-agent.ts";

export function show(cli: Cli): Command {
  return new Command("show")
    .description("show one agent version whole")
    .argument("<id|name>", "its id, the id's first digits, or its name")
    .addHelpText("after", "\nExample: stoa agent show summarize")
    .action((idOrName: string, _options: unknown, self: Command) => run(cli, idOrName, self.optsWithGlobals()));
}

async function run(cli: Cli, idOrName: string, options: GlobalOptions): Promise<void> {
  const { terminal } = cli;
  const { client, money } = await openMarket(cli, options, "anyone");
  const agent = await findAgent(client, idOrName);
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
      ["may use", grantsOf(manifest)],
      ["licence", manifest.licence],
      ["published", agent.publishedAt],
    ]),
  );
  terminal.print(`${dim("input")}\n${JSON.stringify(manifest.input, null, 2)}`);
}

function grantsOf({ artifact, grants: { keyValue, llm, http, subtasks } }: Manifest): string {
  if (artifact.kind === "remote") return "whatever its endpoint can: no sandbox holds it";
  const granted = [
    ...(keyValue ? ["its own key-value store"] : []),
    ...(llm ? [`the models ${llm.models.join(", ")} with ${llm.tokens.toLocaleString("en")} tokens`] : []),
    ...(http ? [`HTTP to ${http.join(", ")}`] : []),
    ...(subtasks ? [`other agents for ${subtasks.join(", ")}`] : []),
  ];
  return granted.join("; ") || "nothing outside its sandbox";
}
