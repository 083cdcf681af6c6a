import { MAX_SLOTS, StoaError } from "@stoa/protocol";

/** @throws {StoaError} `invalid_request` for what is no number of executions */
export function parseSlots(text: string): number {
  const slots = Number(text);
  if (Number.isInteger(slots) && slots >= 1 && slots <= MAX_SLOTS) return slots;
  throw new StoaError(
    "invalid_request",
    `--slots must be an integer from 1 to ${MAX_SLOTS}, got ${JSON.stringify(text)}`,
  );
}
