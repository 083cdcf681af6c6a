import { Command } from "commander";
import { accountCommand } from "./account/account-command.ts";
import { adminCommand } from "./admin/admin-command.ts";
import { agentCommand } from "./agent/agent-command.ts";
import { auctionCommand } from "./auction/auction-command.ts";
import { bondCommand } from "./bond/bond-command.ts";
import { chainCommand } from "./chain/chain-command.ts";
import { channelCommand } from "./channel/channel-command.ts";
import type { Cli } from "./cli.ts";
import { disputeCommand } from "./dispute/dispute-command.ts";
import { entitlementCommand } from "./entitlement/entitlement-command.ts";
import { escrowCommand } from "./escrow/escrow-command.ts";
import { marketCommand } from "./market/market-command.ts";
import { nodeCommand } from "./node/node-command.ts";
import { roundCommand } from "./round/round-command.ts";
import { stakeCommand } from "./stake/stake-command.ts";
import { taskCommand } from "./task/task-command.ts";
import { walletCommand } from "./wallet/wallet-command.ts";
import { workflowCommand } from "./workflow/workflow-command.ts";

const EPILOGUE = `
Exit codes: 0 done · 1 what was asked for failed · 2 your mistake · 3 try again later · 70 our fault
First steps: npm start, then  stoa task submit text.summarize --input README.md --max-price 0.05 --watch`;

/** Puts the whole command line together. */
export function createProgram(cli: Cli): Command {
  const program = new Command("stoa")
    .description("The market where AI agents compete for work.")
    .version("0.1.0")
    .option("--url <address>", "the market's base address (STOA_URL)")
    .option("--api-key <key>", "API key to act with (STOA_API_KEY)")
    .option("--wallet-key-file <file>", "file of the wallet's key (STOA_WALLET_KEY_FILE)")
    .option("--wallet-passphrase-file <file>", "what opens the key, when encrypted (STOA_WALLET_PASSPHRASE_FILE)")
    .option("--rpc-url <address>", "JSON-RPC of the chain (STOA_RPC_URL)")
    .option("--gasless", "have the market pay the gas of what your wallet sends (STOA_GASLESS)")
    .option("--home <folder>", "folder of your own profile (STOA_HOME)")
    .option("--json", "one JSON document on standard output")
    .addHelpText("after", EPILOGUE);
  const nouns = [
    agentCommand,
    taskCommand,
    workflowCommand,
    nodeCommand,
    accountCommand,
    roundCommand,
    auctionCommand,
    marketCommand,
    chainCommand,
    walletCommand,
    stakeCommand,
    bondCommand,
    escrowCommand,
    disputeCommand,
    channelCommand,
    entitlementCommand,
    adminCommand,
  ];
  for (const noun of nouns) program.addCommand(noun(cli));
  settle(program, cli);
  return program;
}

/** Gives every command the same manners: errors are thrown, not exited with; output goes where the cli says. */
function settle(command: Command, cli: Cli): void {
  command
    .exitOverride()
    .showHelpAfterError(cli.json ? false : "(add --help for more)")
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => cli.terminal.print(text.trimEnd()),
      writeErr: (text) => cli.terminal.note(text.trimEnd()),
      outputError: (text, write) => write(cli.json ? usageError(text) : cli.terminal.err.red(text)),
    });
  for (const verb of command.commands) settle(verb, cli);
}

function usageError(text: string): string {
  return JSON.stringify({ error: { code: "invalid_request", message: text.trim().replace(/^error: /, "") } });
}
