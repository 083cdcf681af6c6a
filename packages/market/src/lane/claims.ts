import type { TaskRecord } from "@stoa/store";
import type { Operation } from "./operation.ts";

type Claiming = Pick<Operation<unknown>, "owns" | "uses" | "sheet" | "log" | "session">;

/** What batches may exclude each other over. */
export interface Claims {
  readonly owned: ReadonlySet<string>;
  readonly used: ReadonlySet<string>;
}

/**
 * What operations decide on beyond what the lane remembers, or change beyond it: what they claim by name, and the rows
 * that are read for them alone.
 * @param changed tasks that they change, which their session keys' spending follows
 */
export function claimsOf(operations: Iterable<Claiming>, changed: Iterable<TaskRecord> = []): Claims {
  const owned = new Set<string>();
  const used = new Set<string>();
  for (const { owns = [], uses = [], sheet, log, session } of operations) {
    for (const key of owns) owned.add(key);
    for (const key of uses) used.add(key);
    if (sheet) owned.add(`sheet:${sheet.roundId}:${sheet.node}`);
    if (log) owned.add(`log:${log.taskId}`);
    if (session) owned.add(`session:${session.key}:${session.nonce}`);
  }
  for (const { session } of changed) if (session) owned.add(`session:${session.key.key}:${session.key.nonce}`);
  return { owned, used };
}

/** Whether one may not decide before the other has committed. */
export function excludes(one: Claims, other: Claims): boolean {
  return (
    [...one.owned].some((key) => other.owned.has(key) || other.used.has(key)) ||
    [...one.used].some((key) => other.owned.has(key))
  );
}
