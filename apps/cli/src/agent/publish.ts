import { resolve } from "node:path";
import { Command } from "commander";
import type { Cli, GlobalOptions } from "../cli.ts";
import { openMarket } from "../profile/open-market.ts";
import { fields } from "../terminal/table.ts";
import { describeArtifact } from "./describe-artifact.ts";
import { readAgent } from "./read-agent.ts";

export function publish(cli: Cli): Command {
  return new Command("publish")
    .description("upload an agent and publish its manifest under your wallet's signature")
    .argument("<path>", "the agent's folder, or its manifest")
    .option("--artifact <file>", "its artifact, when it is not beside the manifest")
    .addHelpText("after", "\nExample: stoa agent publish examples/agents/summarize")
    .action((path: string, _options: unknown, command: Command) => run(cli, path, command.optsWithGlobals()));
}

async function run(cli: Cli, path: string, options: GlobalOptions & { artifact?: string }): Promise<void> {
  const { terminal } = cli;
  const artifactPath = options.artifact === undefined ? undefined : resolve(cli.cwd, options.artifact);
  const { manifest, artifact } = await readAgent(resolve(cli.cwd, path), artifactPath);
  const { client, money, wallet } = await openMarket(cli, options, "account");
  const signer = await wallet();
  terminal.waiting(`publishing ${manifest.name} ${manifest.version}`);
  const published = await client.agents.publish({ manifest, ...(artifact && { artifact }), signer });
  if (cli.json) return terminal.printJson({ ...published, name: manifest.name, version: manifest.version });
  const done = published.created ? terminal.out.green("published") : "was published already";
  terminal.print(`${terminal.out.bold(`${manifest.name} ${manifest.version}`)} ${done}`);
  terminal.print(
    fields(terminal.out, [
      ["id", published.versionId],
      ["offers", manifest.capabilities.join(", ")],
      ["royalty", `${money.format(manifest.royalty)} per execution, to ${signer.address}`],
      ["artifact", describeArtifact(manifest.artifact)],
    ]),
  );
}
