import { StoaError } from "@stoa/protocol";
import type { Terminal } from "./terminal.ts";

/** Tells an error: its code, what happened, what to do, and where to read more. */
export function printError(terminal: Terminal, error: unknown, json: boolean): void {
  const known = error instanceof StoaError ? error : asBug(error);
  const { code, message, definition, docs, details } = known;
  if (json) {
    const body = { code, message, remedy: definition.remedy, docs, ...(details ? { details } : {}) };
    terminal.note(JSON.stringify({ error: body }));
    return;
  }
  const { bold, dim, red } = terminal.err;
  terminal.note(`${bold(red(code))}: ${message}`);
  for (const problem of problemsOf(details).slice(1)) terminal.note(`  ${problem}`);
  terminal.note(`  ${definition.remedy}`);
  const requestId = typeof details?.["requestId"] === "string" ? ` · request ${details["requestId"]}` : "";
  terminal.note(dim(`  ${docs}${requestId}`));
  if (code === "internal" && error instanceof Error && error.stack) terminal.note(dim(error.stack));
}

function asBug(error: unknown): StoaError {
  return new StoaError("internal", error instanceof Error ? error.message : String(error), { cause: error });
}

function problemsOf(details: Record<string, unknown> | undefined): string[] {
  const problems = details?.["problems"];
  return Array.isArray(problems) ? problems.map(String) : [];
}
