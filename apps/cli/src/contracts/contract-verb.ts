import { Command } from "commander";

const HELP = `
The contracts' addresses come from the chain's address book, as stoa chain deploy writes it: the local market's own when
the profile's market is the one of this machine, else STOA_HOME/chains/<chain id>.json; --book names another. No server
is asked: whoever takes your money is named by a file of yours.`;

/** A command that speaks to a market's contracts, with the options and the help all of those share. */
export function contractVerb(name: string, description: string, examples: readonly string[], notes = ""): Command {
  const [first, ...more] = examples;
  const shown =
    more.length === 0 ? `\nExample: ${first}` : `\nExamples: ${[first, ...more].join(`\n${" ".repeat(10)}`)}`;
  return new Command(name)
    .description(description)
    .option("--rpc <address>", "JSON-RPC of the chain; the profile's unless said otherwise")
    .option("--chain-id <id>", "refuse another chain than this one")
    .option("--book <file>", "the address book to read; the chain's in STOA_HOME unless said otherwise")
    .addHelpText("after", `${notes}${HELP}\n${shown}`);
}
