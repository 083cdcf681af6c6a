import { canonicalJson, type Hash, StoaError } from "@stoa/protocol";
import type { PartitionedName } from "../partitions/partitioned-tables.ts";
import type { ArchiveColumn } from "./archive-lines.ts";
import type { ArchiveObjects } from "./archive-objects.ts";

export const ARCHIVE_FORMAT = "stoa-archive/1";

/** Some of an archive's lines, compressed, as one object. */
export interface ArchivePart {
  hash: Hash;
  rows: number;
}

/** What an archive is; docs/archive.md describes each member. Its own hash is the archive's name. */
export interface ArchiveManifest {
  format: typeof ARCHIVE_FORMAT;
  source: PartitionedName;
  partition: string;
  /** ISO 8601; the first instant inside, and the first one after. */
  from: string;
  to: string;
  columns: ArchiveColumn[];
  order: string[];
  encoding: "gzip";
  parts: ArchivePart[];
  rows: number;
  /** The SHA-256 of all lines, uncompressed, one after another. */
  rowsHash: Hash;
  /** Of entries: what all amounts sum to, and those above zero. */
  amounts?: { sum: string; turnover: string };
  /** Of events: the first and last place in the log, and what lies between them in other partitions. */
  log?: { first: string; last: string; strays: ArchivePart | null };
  /** The manifest that was written before this one; null in the first. */
  previous: Hash | null;
}

/** Keeps a manifest, in its canonical form. */
export function writeManifest(objects: ArchiveObjects, manifest: ArchiveManifest): Promise<Hash> {
  return objects.put(Buffer.from(canonicalJson(manifest)));
}

/** @throws {StoaError} `internal` when what the object store has is no manifest of ours */
export async function readManifest(objects: ArchiveObjects, hash: Hash): Promise<ArchiveManifest> {
  const manifest = JSON.parse(Buffer.from(await objects.get(hash)).toString()) as { format: string };
  if (manifest.format !== ARCHIVE_FORMAT)
    throw new StoaError("internal", `${hash} has the format ${manifest.format}, expected ${ARCHIVE_FORMAT}`);
  return manifest as ArchiveManifest;
}
