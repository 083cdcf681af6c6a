import { Command } from "commander";

const HELP = `
Where the contracts stand says the chain's address book, as stoa chain deploy writes it: the local market's own when the
profile is its, else STOA_HOME/chains/<chain id>.json; --book names another.`;

/** A command that speaks to a market's contracts, with the options and the help all of those share. */
export function contractVerb(name: string, description: string, examples: readonly string[]): Command {
  const [first, ...more] = examples;
  const shown =
    more.length === 0 ? `\nExample: ${first}` : `\nExamples: ${[first, ...more].join(`\n${" ".repeat(10)}`)}`;
  return new Command(name)
    .description(description)
    .option("--rpc <address>", "JSON-RPC of the chain; the profile's unless said otherwise")
    .option("--chain-id <id>", "refuse another chain than this one")
    .option("--book <file>", "the address book to read; the chain's in STOA_HOME unless said otherwise")
    .addHelpText("after", `${HELP}\n${shown}`);
}
