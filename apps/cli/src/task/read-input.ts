import { type Json, StoaError } from "@stoa/protocol";
import type { Cli } from "../cli.ts";
import { readText } from "../terminal/read-text.ts";

/** A task's input as its file holds it. */
export type GivenInput = { kind: "json"; value: Json } | { kind: "text"; text: string };

/**
 * Reads a task's input: `-` is standard input; a `.json` file, or anything with `isJson`, is parsed; the rest is text.
 * @throws {StoaError} `not_found`, `malformed_json`, `too_large`, `invalid_request` for bytes that are no text
 */
export async function readInput(cli: Cli, path: string, isJson: boolean): Promise<GivenInput> {
  const name = path === "-" ? "standard input" : path;
  const text = await readText(cli, path);
  if (!isJson && !path.toLowerCase().endsWith(".json")) return { kind: "text", text };
  try {
    return { kind: "json", value: JSON.parse(text) as Json };
  } catch (cause) {
    throw new StoaError("malformed_json", `${name} is not JSON: ${(cause as Error).message}`, { cause });
  }
}
