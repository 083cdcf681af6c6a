import { readFile } from "node:fs/promises";
import { type DeploymentParameters, isTestChain } from "@stoa/chain";
import { type Address, parseAddress, StoaError } from "@stoa/protocol";

const ADDRESSES = [
  "operator",
  "arbiter",
  "feeRecipient",
  "faultPool",
  "governor",
  "guardian",
  "treasury",
  "rewardsReceiver",
] as const;

/** What a test chain's market gets when nobody says otherwise. */
const NUMBERS = {
  feeBps: 250,
  challengeBondBps: 500,
  withdrawDelay: 86_400,
  challengeWindow: 3_600,
  delaySeconds: 0,
} as const;

/** Contracts of others that a test chain's market deploys for itself. */
const FOREIGN = ["token", "wrapper"] as const;

/** Every name a parameters file may have. */
export const parameterNames: readonly string[] = [...ADDRESSES, ...Object.keys(NUMBERS), ...FOREIGN];

/**
 * Reads what a market is deployed with from a JSON file. On a test chain what is not said is the wallet's, or usual;
 * elsewhere all of it must be said.
 * @throws {StoaError} `invalid_configuration` with every name that is missing, unknown or of the wrong form
 */
export async function readParameters(
  file: string | undefined,
  { chainId, wallet }: { chainId: number; wallet: Address },
): Promise<DeploymentParameters> {
  const given = file === undefined ? {} : await readJson(file);
  const where = file ?? "the parameters";
  const unknown = Object.keys(given).filter((name) => !parameterNames.includes(name));
  if (unknown.length > 0)
    throw bad(`${where}: there is no ${unknown.join(", ")}; there are ${parameterNames.join(", ")}`);
  const names = [...ADDRESSES, ...Object.keys(NUMBERS), ...FOREIGN];
  const missing = isTestChain(chainId) ? [] : names.filter((name) => given[name] === undefined);
  if (missing.length > 0) {
    const hint = file === undefined ? "name a file with --parameters" : `${where} lacks them`;
    throw bad(`chain ${chainId} is no test chain, so nothing is taken for granted: ${missing.join(", ")} (${hint})`);
  }
  const address = (name: (typeof ADDRESSES)[number]) =>
    given[name] === undefined ? wallet : parseAddress(text(given[name]), `${where}: ${name}`);
  const number = (name: keyof typeof NUMBERS) => toNumber(given[name] ?? NUMBERS[name], `${where}: ${name}`);
  return {
    vault: {
      operator: address("operator"),
      arbiter: address("arbiter"),
      feeRecipient: address("feeRecipient"),
      faultPool: address("faultPool"),
      feeBps: number("feeBps"),
      challengeBondBps: number("challengeBondBps"),
      withdrawDelay: number("withdrawDelay"),
      challengeWindow: number("challengeWindow"),
    },
    governance: {
      governor: address("governor"),
      guardian: address("guardian"),
      treasury: address("treasury"),
      rewardsReceiver: address("rewardsReceiver"),
      delaySeconds: number("delaySeconds"),
    },
    ...Object.fromEntries(
      FOREIGN.filter((name) => given[name] !== undefined).map((name) => [
        name,
        parseAddress(text(given[name]), `${where}: ${name}`),
      ]),
    ),
  };
}

async function readJson(file: string): Promise<Record<string, unknown>> {
  let json: unknown;
  try {
    json = JSON.parse(await readFile(file, "utf8"));
  } catch (cause) {
    throw bad(`the parameters ${file} cannot be read: ${(cause as Error).message}`, cause);
  }
  if (typeof json === "object" && json !== null && !Array.isArray(json)) return json as Record<string, unknown>;
  throw bad(`the parameters ${file} must be a JSON object`);
}

function text(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function toNumber(value: unknown, name: string): number {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
  throw bad(`${name} must be a non-negative integer, got ${JSON.stringify(value)}`);
}

function bad(message: string, cause?: unknown): StoaError {
  return new StoaError("invalid_configuration", message, cause === undefined ? {} : { cause });
}
