import { DEFAULT_PAGE_ITEMS, MAX_PAGE_ITEMS, type PageQuery, StoaError } from "@stoa/protocol";
import type { Command } from "commander";
import type { Terminal } from "./terminal.ts";

/** Options of every command that lists. */
export interface PageOptions {
  limit?: string;
  cursor?: string;
}

export function addPageOptions(command: Command): Command {
  return command
    .option("--limit <count>", `how many, at most ${MAX_PAGE_ITEMS} (default: ${DEFAULT_PAGE_ITEMS})`)
    .option("--cursor <cursor>", "where the page before ended");
}

/** @throws {StoaError} `invalid_request` for a limit out of bounds */
export function pageQuery({ limit, cursor }: PageOptions): PageQuery {
  const count = limit === undefined ? undefined : Number(limit);
  if (count !== undefined && !(Number.isInteger(count) && count >= 1 && count <= MAX_PAGE_ITEMS)) {
    throw new StoaError(
      "invalid_request",
      `--limit must be an integer from 1 to ${MAX_PAGE_ITEMS}, got ${JSON.stringify(limit)}`,
    );
  }
  return { ...(count === undefined ? {} : { limit: count }), ...(cursor === undefined ? {} : { cursor }) };
}

/** Says how to go on when there is more. */
export function nextPageHint(terminal: Terminal, nextCursor: string | null): void {
  if (nextCursor !== null) terminal.note(terminal.err.dim(`more: --cursor ${nextCursor}`));
}
