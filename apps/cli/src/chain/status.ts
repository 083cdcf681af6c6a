import { type ContractStatus, type DeploymentStatus, readDeployment } from "@stoa/chain";
import { formatAmount } from "@stoa/protocol";
import type { Command } from "commander";
import type { Cli } from "../cli.ts";
import { contractVerb } from "../contracts/contract-verb.ts";
import { requireBook } from "../contracts/require-book.ts";
import { fields, table } from "../terminal/table.ts";
import { type ChainOptions, openRpc } from "../profile/open-rpc.ts";

const STOA_DECIMALS = 18;

export function status(cli: Cli): Command {
  return contractVerb("status", "see which of a market's contracts stand where, who may do what, and what is paused", [
    "stoa chain status",
    "stoa chain status --rpc https://sepolia.base.org --json",
  ]).action((_options: unknown, self: Command) => run(cli, self.optsWithGlobals()));
}

async function run(cli: Cli, options: ChainOptions): Promise<void> {
  const { terminal } = cli;
  const { chain, bookFile } = await openRpc(cli, options);
  const book = await requireBook(bookFile, chain.chainId);
  terminal.waiting(`reading what stands on chain ${chain.chainId}`);
  const found = await readDeployment(chain, book);
  if (cli.json) return terminal.printJson({ ...found, bookFile });
  tell(cli, found, bookFile);
}

function tell(cli: Cli, found: DeploymentStatus, bookFile: string): void {
  const { out, print } = { out: cli.terminal.out, print: cli.terminal.print };
  const { vault, timelock, stoa, head } = found;
  const amount = (units: bigint) => `${formatAmount(units, STOA_DECIMALS)} STOA`;
  print(
    table(out, found.contracts, [
      { title: "contract", value: ({ name }) => name },
      { title: "address", value: ({ address }) => address },
      { title: "block", value: ({ block }) => String(block ?? "-"), right: true },
      { title: "code", value: (contract) => codeOf(cli, contract) },
      { title: "new money", value: ({ isPaused }) => moneyOf(cli, isPaused) },
    ]),
  );
  print();
  print(
    table(out, found.roles, [
      { title: "role", value: ({ role }) => role },
      { title: "may call", value: ({ role, functions }) => callsOf(role, functions) },
      { title: "who", value: ({ members }) => members.map(({ account }) => nameOf(found, account)).join(", ") || "-" },
    ]),
  );
  print();
  print(
    fields(out, [
      ["chain", `${found.chainId}, block ${head.number} of ${new Date(head.at).toISOString()}`],
      ["governance", `waits ${timelock.delaySeconds} s; ${timelock.proposers.join(", ") || "nobody"} proposes`],
      ...Object.entries(vault).map(([name, value]) => [`vault ${name}`, String(value)] as const),
      ["token supply", `${amount(stoa.supply)} of ${amount(stoa.cap)} ever`],
      ["token due", `${amount(stoa.due)} to ${stoa.receiver}`],
      ["address book", bookFile],
    ]),
  );
}

function codeOf({ terminal: { out } }: Cli, { code }: ContractStatus): string {
  return code === "as built" ? out.green(code) : out.red(code);
}

function moneyOf({ terminal: { out } }: Cli, isPaused: boolean | null): string {
  if (isPaused === null) return "-";
  return isPaused ? out.red("paused") : "open";
}

function callsOf(role: string, functions: readonly string[]): string {
  return role === "admin" ? ["all roles", ...functions].join(", ") : functions.join(", ") || "-";
}

/** A contract of the suite by its name, anybody else by the address. */
function nameOf({ contracts }: DeploymentStatus, account: string): string {
  return contracts.find(({ address }) => address.toLowerCase() === account.toLowerCase())?.name ?? account;
}
