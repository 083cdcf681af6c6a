import Type, { type Static } from "typebox";
import { hashJson } from "./content-hash.ts";
import type { Hash } from "./ids.ts";
import { AnyJsonSchema, HashSchema, TimeSchema } from "./schema-parts.ts";

/** One act of those who run the market. */
export const AuditEntrySchema = Type.Object(
  {
    position: Type.Integer({ minimum: 1, description: "its place in the log, from 1 on without a gap" }),
    at: TimeSchema,
    actor: Type.String({ description: "the wallet that acted, or system for the server itself" }),
    action: Type.String({ description: "such as agent.suspend" }),
    subject: Type.String({ description: "what it was done to" }),
    reason: Type.String(),
    details: AnyJsonSchema,
    previous: HashSchema,
    hash: HashSchema,
  },
  { title: "AuditEntry" },
);
export type AuditEntry = Static<typeof AuditEntrySchema>;

/** What the first entry names as the one before it. */
export const AUDIT_GENESIS: Hash = `0x${"0".repeat(64)}`;

/** The hash of an entry over everything else it says. */
export function hashAuditEntry({ hash: _hash, ...entry }: Omit<AuditEntry, "hash"> & { hash?: Hash }): Hash {
  return hashJson(entry);
}

/**
 * The first entry that does not follow from those before it, of entries in the log's order from its first on.
 * @param entries the whole log, or its beginning
 * @returns undefined when the log is whole
 * @example
 * const broken = findBrokenEntry(entries);
 * if (broken) console.error(`the log was rewritten at ${broken.position}: ${broken.problem}`);
 */
export function findBrokenEntry(entries: Iterable<AuditEntry>): { position: number; problem: string } | undefined {
  let previous = AUDIT_GENESIS;
  let position = 1;
  for (const entry of entries) {
    if (entry.position !== position) return { position, problem: `entry ${position} is missing` };
    if (entry.previous !== previous) return { position, problem: "it does not name the entry before it" };
    if (hashAuditEntry(entry) !== entry.hash) return { position, problem: "it does not hash to what it says" };
    previous = entry.hash;
    position += 1;
  }
  return undefined;
}
