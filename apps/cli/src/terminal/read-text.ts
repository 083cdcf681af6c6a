import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { limits, StoaError } from "@stoa/protocol";
import type { Cli } from "../cli.ts";

/**
 * Reads a file's text; `-` is standard input.
 * @throws {StoaError} `not_found`, `too_large`, `invalid_request` for bytes that are no text
 */
export async function readText(cli: Cli, path: string): Promise<string> {
  const name = path === "-" ? "standard input" : path;
  const bytes = path === "-" ? await readAll(cli.stdin) : await readBytes(resolve(cli.cwd, path));
  if (bytes.byteLength > limits.inputBytes) {
    throw new StoaError("too_large", `${name} has ${bytes.byteLength} bytes, at most ${limits.inputBytes} are taken`);
  }
  return decode(bytes, name);
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
