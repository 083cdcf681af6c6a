import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { StoaError } from "@stoa/protocol";
import type { Database } from "./database.ts";

const FOLDER = join(import.meta.dirname, "..", "migrations");
/** Any constant: processes that start together migrate one after another. */
const LOCK = 7_301;

/**
 * Brings the schema up to date: applies, in order, every numbered migration that was not applied yet.
 * @returns the names applied now
 * @throws {StoaError} `invalid_configuration` when an applied migration's text has changed since
 */
export async function migrate(database: Database): Promise<string[]> {
  const names = (await readdir(FOLDER)).filter((name) => name.endsWith(".sql")).sort();
  const files = await Promise.all(
    names.map(async (name) => ({ name, text: await readFile(join(FOLDER, name), "utf8") })),
  );
  return database.transaction(async (tx) => {
    await tx.query("select pg_advisory_xact_lock($1)", [LOCK]);
    await tx.script(
      "create table if not exists migrations (name text primary key, checksum text not null, applied_at timestamptz not null default now())",
    );
    const applied = await tx.query<{ name: string; checksum: string }>("select name, checksum from migrations");
    const known = new Map(applied.map((row) => [row.name, row.checksum]));
    const fresh: string[] = [];
    for (const { name, text } of files) {
      const checksum = createHash("sha256").update(text).digest("hex");
      const before = known.get(name);
      if (before === checksum) continue;
      if (before)
        throw new StoaError(
          "invalid_configuration",
          `migration ${name} was changed after it was applied: migrations are immutable`,
        );
      await tx.script(text);
      await tx.query("insert into migrations (name, checksum) values ($1, $2)", [name, checksum]);
      fresh.push(name);
    }
    return fresh;
  });
}
