import { join, resolve } from "node:path";
import { StoaError } from "@stoa/protocol";
import type { Cli } from "../cli.ts";

export interface NodeFolderOptions {
  name: string;
  data?: string;
}

/**
 * The folder that holds a node's key, link, journal and status.
 * @throws {StoaError} `invalid_request` for a name that is no folder's
 */
export function nodeFolder(cli: Cli, home: string, { name, data }: NodeFolderOptions): string {
  if (data !== undefined) return resolve(cli.cwd, data);
  if (!/^[\w.-]{1,64}$/.test(name) || /^\.+$/.test(name)) {
    throw new StoaError(
      "invalid_request",
      `--name must be made of letters, digits, dots, dashes and underscores, got ${JSON.stringify(name)}`,
    );
  }
  return join(home, "nodes", name);
}
