import type { SignedReceipt } from "@stoa/core";
import { decodeTyped, SignatureSchema, schemaProblem, StoaError } from "@stoa/protocol";
import type { Cli } from "../cli.ts";
import { readText } from "./read-record.ts";

interface Given {
  receipt?: { roundId?: unknown };
  signature?: unknown;
}

/**
 * Reads the receipt of a round from a file: one `{receipt, signature}`, or a line of many, as a node keeps them in its
 * receipts.jsonl.
 * @throws {StoaError} `not_found` when there is none for the round, `invalid_request` for one that is malformed
 */
export async function readReceipt(cli: Cli, path: string, roundId: string): Promise<SignedReceipt> {
  const given = parse(await readText(cli, path)).find(({ receipt }) => receipt?.roundId === roundId);
  if (!given) throw new StoaError("not_found", `${path} has no receipt for round ${roundId}`);
  const problem = schemaProblem(SignatureSchema, given.signature);
  if (problem) throw new StoaError("invalid_request", `the receipt's signature: ${problem}`);
  return {
    receipt: decodeTyped("SheetReceipt", given.receipt),
    signature: given.signature as SignedReceipt["signature"],
  };
}

function parse(text: string): Given[] {
  const objects = (values: unknown[]) =>
    values.filter((value): value is Given => typeof value === "object" && value !== null);
  try {
    return objects([JSON.parse(text)]);
  } catch {
    // Not one document: a line each, of which the last may be half written.
    return objects(
      text.split("\n").flatMap((line) => {
        try {
          return [JSON.parse(line) as unknown];
        } catch {
          return [];
        }
      }),
    );
  }
}
