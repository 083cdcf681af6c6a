import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { type Json, StoaError } from "@stoa/protocol";
import type { Cli } from "../cli.ts";

/**
 * Reads a JSON file that a round was saved in; `-` is standard input.
 * @throws {StoaError} `not_found`, `malformed_json`
 */
export async function readRecord(cli: Cli, path: string): Promise<Json> {
  const text = path === "-" ? await readAll(cli.stdin) : await readText(cli, path);
  try {
    return JSON.parse(text) as Json;
  } catch (cause) {
    const name = path === "-" ? "standard input" : path;
    throw new StoaError("malformed_json", `${name} is not JSON: ${(cause as Error).message}`, { cause });
  }
}

/** @throws {StoaError} `not_found` */
export async function readText(cli: Cli, path: string): Promise<string> {
  try {
    return await readFile(resolve(cli.cwd, path), "utf8");
  } catch (cause) {
    throw new StoaError("not_found", `the file cannot be read: ${(cause as Error).message}`, { cause });
  }
}

async function readAll(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(typeof chunk === "string" ? Buffer.from(chunk) : chunk);
  return Buffer.concat(chunks).toString("utf8");
}
