import { type ApiKey, type RateTier, rateTiers, type Scope, scopes, StoaError } from "@stoa/protocol";
import { Command } from "commander";
import type { Cli, GlobalOptions } from "../cli.ts";
import { openMarket } from "../profile/open-market.ts";
import { parseSeconds } from "../terminal/parse-seconds.ts";
import { table } from "../terminal/table.ts";

/** Only an admin can make a key that acts as one, and only on purpose. */
const DEFAULT_SCOPES = scopes.filter((scope) => scope !== "admin").join(",");

interface Options extends GlobalOptions {
  create?: string;
  scopes: string;
  expires: string;
  revoke?: string;
  tier: string;
  service?: string;
}

export function keys(cli: Cli): Command {
  return new Command("keys")
    .description("list, make and revoke API keys; the wallet signs in for it")
    .option("--create <name>", "make a key; it is shown once")
    .option("--scopes <list>", "what the new key may do", DEFAULT_SCOPES)
    .option("--expires <time>", "how long the new key lives", "90d")
    .option("--tier <tier>", "how much may be asked with the new key: low, standard or high", "standard")
    .option("--service <id>", "make the key for a service account of yours")
    .option("--revoke <id>", "make a key worthless")
    .addHelpText("after", "\nExample: stoa account keys --create ci --scopes tasks:read,tasks:write --expires 30d")
    .action((_options: unknown, self: Command) => run(cli, self.optsWithGlobals()));
}

async function run(cli: Cli, options: Options): Promise<void> {
  if (options.create !== undefined && options.revoke !== undefined) {
    throw new StoaError("invalid_request", "expected either --create or --revoke");
  }
  const { terminal } = cli;
  const { client } = await openMarket(cli, options, "wallet");
  if (options.create !== undefined) {
    const expiresInSeconds = parseSeconds(options.expires, "--expires");
    const made = await client.auth.createKey({
      name: options.create,
      scopes: parseScopes(options.scopes),
      expiresInSeconds,
      tier: parseTier(options.tier),
      ...(options.service !== undefined && { serviceAccountId: options.service }),
    });
    if (cli.json) return terminal.printJson(made);
    terminal.note(terminal.err.dim(`key ${made.id}, good until ${made.expiresAt}; it is not shown again:`));
    return terminal.print(made.key);
  }
  if (options.revoke !== undefined) {
    await client.auth.revokeKey(options.revoke);
    return cli.json
      ? terminal.printJson({ id: options.revoke, revoked: true })
      : terminal.print(`key ${options.revoke} is revoked`);
  }
  printKeys(cli, await client.auth.listKeys());
}

function parseScopes(text: string): Scope[] {
  const wanted = text.split(",").map((scope) => scope.trim());
  const unknown = wanted.find((scope) => !(scopes as readonly string[]).includes(scope));
  if (unknown !== undefined)
    throw new StoaError(
      "invalid_request",
      `there is no scope ${JSON.stringify(unknown)}, expected some of ${scopes.join(", ")}`,
    );
  return wanted as Scope[];
}

function parseTier(text: string): RateTier {
  const tier = rateTiers.find((one) => one === text);
  if (tier) return tier;
  throw new StoaError("invalid_request", `there is no tier ${JSON.stringify(text)}, expected ${rateTiers.join(", ")}`);
}

function printKeys({ terminal, json }: Cli, items: ApiKey[]): void {
  if (json) return terminal.printJson({ items });
  if (items.length === 0) return terminal.note("No API keys. Make one: stoa account keys --create <name>");
  terminal.print(
    table(terminal.out, items, [
      { title: "name", value: (key) => key.name },
      { title: "begins", value: (key) => key.start },
      { title: "scopes", value: (key) => key.scopes.join(" ") },
      { title: "tier", value: (key) => key.tier },
      { title: "service", value: (key) => key.serviceAccountId ?? "" },
      { title: "expires", value: (key) => key.expiresAt },
      { title: "last used", value: (key) => key.lastUsedAt ?? "never" },
      { title: "id", value: (key) => key.id },
    ]),
  );
}
