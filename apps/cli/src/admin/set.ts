import { type SettingName, settingNames, type Settings, StoaError } from "@stoa/protocol";
import { Argument, Command } from "commander";
import type { Cli, GlobalOptions } from "../cli.ts";
import { openMarket } from "../profile/open-market.ts";
import { table } from "../terminal/table.ts";

interface Options extends GlobalOptions {
  reason?: string;
}

export function set(cli: Cli): Command {
  return new Command("set")
    .description("show what is set beside the configuration, or change it; its history is in the audit log")
    .addArgument(new Argument("[name]", "what to change").choices(settingNames).argOptional())
    .argument("[value]", "its new value in JSON; null goes back to the configuration's")
    .option("--reason <text>", "why, for the audit log")
    .addHelpText("after", '\nExample: stoa admin set requests_per_minute 6000 --reason "a crawler"')
    .action((name: SettingName | undefined, value: string | undefined, _options: unknown, self: Command) =>
      run(cli, { name, value }, self.optsWithGlobals()),
    );
}

async function run(
  cli: Cli,
  { name, value }: { name: SettingName | undefined; value: string | undefined },
  options: Options,
): Promise<void> {
  const { terminal } = cli;
  const { client } = await openMarket(cli, options, "account");
  const { reason } = options;
  if (name !== undefined && (value === undefined || reason === undefined))
    throw new StoaError("invalid_request", `${name} needs a value and a --reason`);
  const settings =
    name === undefined
      ? await client.admin.settings()
      : await client.admin.changeSetting(name, { value: parse(value!), reason: reason! });
  if (cli.json) return terminal.printJson(settings);
  terminal.print(
    table(terminal.out, Object.entries(settings), [
      { title: "name", value: ([known]) => known },
      { title: "value", value: ([, now]) => (now === null ? "as configured" : JSON.stringify(now)) },
    ]),
  );
}

function parse(text: string): Settings[SettingName] | null {
  try {
    return JSON.parse(text) as Settings[SettingName] | null;
  } catch {
    throw new StoaError("malformed_json", `the value must be JSON, got ${text}`);
  }
}
