import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { type Json, schemaProblem, StoaError, type WorkflowSpec, WorkflowSpecSchema } from "@stoa/protocol";
import type { Cli } from "../cli.ts";
import { readInput } from "../task/read-input.ts";
import type { Money } from "../terminal/money.ts";

/**
 * Reads a workflow's file: its specification as JSON, with prices in the token's whole units such as "0.05".
 * @throws {StoaError} `not_found`, `malformed_json`, `malformed_amount`, `invalid_workflow` naming the place
 */
export async function readWorkflow(cli: Cli, path: string, money: Money): Promise<WorkflowSpec> {
  const written = await readJsonFile(resolve(cli.cwd, path), path);
  const spec = pricesOf(written, money);
  const problem = schemaProblem(WorkflowSpecSchema, spec);
  if (problem !== null) throw new StoaError("invalid_workflow", `${path}: ${problem}`);
  return spec as WorkflowSpec;
}

async function readJsonFile(file: string, path: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (cause) {
    throw new StoaError("not_found", `the workflow cannot be read: ${(cause as Error).message}`, { cause });
  }
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new StoaError("malformed_json", `${path} is not JSON: ${(cause as Error).message}`, { cause });
  }
}

/** The same with every step's price in the token's smallest unit. What has another form is left to the schema. */
function pricesOf(written: unknown, money: Money): unknown {
  if (typeof written !== "object" || written === null || !("steps" in written)) return written;
  const { steps } = written;
  if (typeof steps !== "object" || steps === null) return written;
  const priced = Object.entries(steps as Record<string, unknown>).map(([name, step]) => {
    const { maxPrice } = (step ?? {}) as { maxPrice?: unknown };
    if (typeof maxPrice !== "string" && typeof maxPrice !== "number") return [name, step] as const;
    return [name, { ...(step as object), maxPrice: money.parse(String(maxPrice)).toString() }] as const;
  });
  return { ...written, steps: Object.fromEntries(priced) };
}

/**
 * Puts a workflow's input together: a JSON file, with the contents of files under names of their own.
 * @param files such as `text=README.md`
 * @throws {StoaError} `invalid_request` for a file without a name, and what reading them throws
 */
export async function readWorkflowInput(
  cli: Cli,
  inputFile: string | undefined,
  files: readonly string[],
): Promise<Json> {
  const given = inputFile === undefined ? { kind: "json" as const, value: {} } : await readInput(cli, inputFile, true);
  const input = given.kind === "json" ? given.value : given.text;
  if (files.length === 0) return input;
  if (typeof input !== "object" || input === null || Array.isArray(input))
    throw new StoaError("invalid_request", "--file adds to an input that is an object");
  const named = await Promise.all(
    files.map(async (file) => {
      const [, name, path] = /^([^=]+)=(.+)$/s.exec(file) ?? [];
      if (name === undefined || path === undefined)
        throw new StoaError("invalid_request", `--file takes name=path, got ${JSON.stringify(file)}`);
      const content = await readInput(cli, path, false);
      return [name, content.kind === "json" ? content.value : content.text] as const;
    }),
  );
  return { ...input, ...Object.fromEntries(named) };
}
