import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { StoaError } from "@stoa/protocol";
import type { GlobalOptions } from "../cli.ts";
import type { CliEnv } from "../config.ts";

/** Which market the command speaks to, and as whom. */
export interface Profile {
  url: string;
  apiKey: string | null;
  /** Path of the wallet's key. */
  walletKeyFile: string | null;
  /** Path of its passphrase, when it is encrypted. */
  walletPassphraseFile: string | null;
  rpcUrl: string | null;
  /** Whether the market pays the gas of what the wallet sends. */
  isGasless: boolean;
  /** Folder of the caller's own profile, wallet and nodes. */
  home: string;
  /** The file it was read from, for messages. */
  file: string | null;
  /** Where the market's chain is when the market is a local one whose data is at hand. */
  local: LocalChain | null;
}

/** A local market's chain, as its data folder tells it. */
export interface LocalChain {
  rpcUrl: string | null;
  /** Path of its address book. */
  bookFile: string;
}

/** A profile file's content; relative paths count from its folder. */
export interface ProfileFile {
  url?: string;
  apiKey?: string;
  walletKeyFile?: string;
  walletPassphraseFile?: string;
  rpcUrl?: string;
  /** "yes" or "no". */
  gasless?: string;
}

const DEFAULT_URL = "http://127.0.0.1:8080";
const CLONE = fileURLToPath(new URL("../../../..", import.meta.url));

/**
 * Finds the profile: options first, then the environment, then a profile file: STOA_HOME's when it is set, else the
 * demo profile of a local market, else your own. A file's keys are for its own market: when another one is named, the
 * file is left alone, so that no key is sent where it does not belong.
 * @throws {StoaError} `invalid_configuration` for a profile that cannot be read
 */
export function resolveProfile(options: GlobalOptions, env: CliEnv, cwd: string): Profile {
  const home = resolve(cwd, options.home ?? env.STOA_HOME ?? join(homedir(), ".stoa"));
  const wantedUrl = options.url ?? env.STOA_URL;
  const data = dataFolders(env, cwd);
  const found = findFile(home, data, options.home !== undefined || env.STOA_HOME !== undefined);
  const file = found && (wantedUrl === undefined || sameMarket(wantedUrl, found.content.url)) ? found : null;
  const walletKeyFile = options.walletKeyFile ?? env.STOA_WALLET_KEY_FILE;
  const walletPassphraseFile = options.walletPassphraseFile ?? env.STOA_WALLET_PASSPHRASE_FILE;
  const url = wantedUrl ?? file?.content.url ?? DEFAULT_URL;
  return {
    url,
    apiKey: options.apiKey ?? env.STOA_API_KEY ?? file?.content.apiKey ?? null,
    walletKeyFile: walletKeyFile === undefined ? (file?.content.walletKeyFile ?? null) : resolve(cwd, walletKeyFile),
    walletPassphraseFile:
      walletPassphraseFile === undefined
        ? (file?.content.walletPassphraseFile ?? null)
        : resolve(cwd, walletPassphraseFile),
    rpcUrl: options.rpcUrl ?? env.STOA_RPC_URL ?? file?.content.rpcUrl ?? null,
    isGasless: options.gasless ?? toYesOrNo(env.STOA_GASLESS ?? file?.content.gasless ?? "no"),
    home,
    file: file?.path ?? null,
    // A demo profile that was named by its folder has its market's data beside it.
    local: findLocal(url, file === null ? data : [dirname(dirname(file.path)), ...data]),
  };
}

function toYesOrNo(text: string): boolean {
  if (text === "yes" || text === "no") return text === "yes";
  throw new StoaError("invalid_configuration", `gasless must be yes or no, got ${JSON.stringify(text)}`);
}

/** Where the data of a local market may be. */
function dataFolders({ STOA_DATA }: CliEnv, cwd: string): string[] {
  return STOA_DATA === undefined ? [resolve(cwd, "data"), join(CLONE, "data")] : [resolve(cwd, STOA_DATA)];
}

function demoProfile(folder: string): string {
  return join(folder, "demo", "profile.json");
}

function findLocal(url: string, data: readonly string[]): LocalChain | null {
  for (const folder of data) {
    const content = readProfileFile(demoProfile(folder));
    if (content === null || !sameMarket(url, content.url)) continue;
    return { rpcUrl: content.rpcUrl ?? null, bookFile: join(folder, "chain", "addresses.json") };
  }
  return null;
}

function findFile(home: string, data: readonly string[], isHomeNamed: boolean) {
  const own = join(home, "profile.json");
  for (const path of isHomeNamed ? [own] : [...data.map(demoProfile), own]) {
    const content = readProfileFile(path);
    if (content) return { path, content };
  }
  return null;
}

function readProfileFile(path: string): ProfileFile | null {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    throw new StoaError("invalid_configuration", `the profile ${path} cannot be read: ${(cause as Error).message}`, {
      cause,
    });
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new StoaError("invalid_configuration", `the profile ${path} is not JSON: ${(cause as Error).message}`, {
      cause,
    });
  }
  return toProfileFile(json, path);
}

function toProfileFile(json: unknown, path: string): ProfileFile {
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    throw new StoaError("invalid_configuration", `the profile ${path} must hold an object`);
  }
  const given = json as Record<string, unknown>;
  const content: ProfileFile = {};
  for (const name of ["url", "apiKey", "walletKeyFile", "walletPassphraseFile", "rpcUrl", "gasless"] as const) {
    const value = given[name];
    if (value === undefined || value === null) continue;
    if (typeof value !== "string") {
      throw new StoaError(
        "invalid_configuration",
        `${name} in the profile ${path} must be text, got ${JSON.stringify(value)}`,
      );
    }
    const isPath = name === "walletKeyFile" || name === "walletPassphraseFile";
    content[name] = !isPath || isAbsolute(value) ? value : join(dirname(path), value);
  }
  return content;
}

function sameMarket(a: string, b: string | undefined): boolean {
  const origin = (text: string) => (URL.canParse(text) ? new URL(text).origin : text);
  return origin(a) === origin(b ?? DEFAULT_URL);
}
