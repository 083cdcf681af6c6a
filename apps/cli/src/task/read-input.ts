import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { type Json, limits, StoaError } from "@stoa/protocol";
import type { Cli } from "../cli.ts";

/** A task's input as its file holds it. */
export type GivenInput = { kind: "json"; value: Json } | { kind: "text"; text: string };

/**
 * Reads a task's input: `-` is standard input; a `.json` file, or anything with `isJson`, is parsed; the rest is text.
 * @throws {StoaError} `not_found`, `malformed_json`, `too_large`, `invalid_request` for bytes that are no text
 */
export async function readInput(cli: Cli, path: string, isJson: boolean): Promise<GivenInput> {
  const name = path === "-" ? "standard input" : path;
  const bytes = path === "-" ? await readAll(cli.stdin) : await readBytes(resolve(cli.cwd, path));
  if (bytes.byteLength > limits.inputBytes) {
    throw new StoaError("too_large", `${name} has ${bytes.byteLength} bytes, at most ${limits.inputBytes} are taken`);
  }
  const text = decode(bytes, name);
  if (!isJson && !path.toLowerCase().endsWith(".json")) return { kind: "text", text };
  try {
    return { kind: "json", value: JSON.parse(text) as Json };
  } catch (cause) {
    throw new StoaError("malformed_json", `${name} is not JSON: ${(cause as Error).message}`, { cause });
  }
}

async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new StoaError("not_found", `the input cannot be read: ${(cause as Error).message}`, { cause });
  }
}

async function readAll(stream: NodeJS.ReadableStream): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(typeof chunk === "string" ? Buffer.from(chunk) : chunk);
  return Buffer.concat(chunks);
}

function decode(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new StoaError("invalid_request", `${name} is not text in UTF-8`, { cause });
  }
}
