/** Every variable the command line reads; docs/configuration.md is generated from this table. */
export const cliVariables = [
  { name: "STOA_URL", description: "The market's base address.", default: "the profile's, else http://127.0.0.1:8080" },
  { name: "STOA_API_KEY", description: "API key to act with.", default: "the profile's, else the wallet signs in" },
  {
    name: "STOA_WALLET_KEY_FILE",
    description: "File of the wallet's key (hex, or an encrypted keystore): signs orders, deposits and links.",
    default: "the profile's",
  },
  {
    name: "STOA_WALLET_PASSPHRASE_FILE",
    description: "File of the passphrase, when the wallet's key is an encrypted keystore.",
    default: "the profile's",
  },
  {
    name: "STOA_RPC_URL",
    description: "JSON-RPC of the chain, for deposits, withdrawals and stakes.",
    default: "the profile's, else what the market publishes",
  },
  {
    name: "STOA_GASLESS",
    description: "Whether the market pays the gas of what your wallet sends: yes or no.",
    default: "the profile's, else no",
  },
  { name: "STOA_HOME", description: "Folder of your own profile, wallet and nodes.", default: "~/.stoa" },
  {
    name: "STOA_DATA",
    description: "Data folder of a local market; its demo profile is used when STOA_HOME is not set.",
    default: "data, here or in the clone",
  },
  { name: "NO_COLOR", description: "Set to anything for no colours.", default: "colours on a terminal" },
] as const;

export type CliVariable = (typeof cliVariables)[number]["name"];
export type CliEnv = Partial<Record<CliVariable, string>>;

/** Reads the command line's variables from the environment; an empty one counts as absent. */
export function readEnv(env: NodeJS.ProcessEnv = process.env): CliEnv {
  const entries = cliVariables.map(({ name }) => [name, env[name]] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined && value !== ""));
}
