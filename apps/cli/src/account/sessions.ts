import { StoaError } from "@stoa/protocol";
import { Command } from "commander";
import type { Cli, GlobalOptions } from "../cli.ts";
import { openMarket } from "../profile/open-market.ts";
import { table } from "../terminal/table.ts";

interface Options extends GlobalOptions {
  end?: string;
  endOthers?: boolean;
}

export function sessions(cli: Cli): Command {
  return new Command("sessions")
    .description("show where your account is signed in, and end sessions")
    .option("--end <id>", "sign out there")
    .option("--end-others", "sign out everywhere but here")
    .addHelpText("after", "\nExample: stoa account sessions --end-others")
    .action((_options: unknown, self: Command) => run(cli, self.optsWithGlobals()));
}

async function run(cli: Cli, options: Options): Promise<void> {
  const { end, endOthers = false } = options;
  if (end !== undefined && endOthers) throw new StoaError("invalid_request", "expected either --end or --end-others");
  const { terminal } = cli;
  const { client } = await openMarket(cli, options, "wallet");
  if (end !== undefined || endOthers) {
    await (end === undefined ? client.auth.endOtherSessions() : client.auth.endSession(end));
    const what = end === undefined ? "all other sessions have ended" : `session ${end} has ended`;
    return cli.json ? terminal.printJson({ ended: end ?? "others" }) : terminal.print(what);
  }
  const items = await client.auth.listSessions();
  if (cli.json) return terminal.printJson({ items });
  terminal.print(
    table(terminal.out, items, [
      { title: "from", value: ({ clientAddress }) => clientAddress ?? "unknown" },
      { title: "with", value: ({ userAgent }) => userAgent?.slice(0, 40) ?? "unknown" },
      { title: "began", value: ({ createdAt }) => createdAt },
      { title: "last used", value: ({ lastUsedAt, isCurrent }) => (isCurrent ? "now" : lastUsedAt) },
      { title: "id", value: ({ id }) => id },
    ]),
  );
}
