import type { Database } from "@stoa/store";
import type { ObjectStore } from "../objects/object-store.ts";

/** Where a command's words go. */
export interface Output {
  /** A line of the answer. */
  out: (line: string) => void;
  /** A line about what happens meanwhile. */
  progress: (line: string) => void;
}

/** What a command on archives works with. */
export interface ArchiveTools extends Output {
  database: Database;
  objects: ObjectStore;
  /** Whether the answer is JSON for programs. */
  json: boolean;
}

/** A day of UTC. */
export function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
