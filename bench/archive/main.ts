// How fast a partition of a million entries moves to the object store and back, and in how much memory.
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Hash, hashBytes } from "@stoa/protocol";
import {
  type ArchiveObjects,
  ensurePartitions,
  holdArchives,
  openDatabase,
  restorePartition,
  runArchive,
} from "@stoa/store";
import { ledgerProblems, startPostgres, tuneForLoading } from "@stoa/testkit";
import { printReport } from "../report.ts";

const MIB = 1 << 20;
const PARTITION = "entries_p20260101";

const { values } = parseArgs({
  options: { json: { type: "boolean" }, rows: { type: "string", default: "1000000" } },
});
const rows = Number(values.rows);

await using server = await startPostgres();
await using database = await openDatabase({ url: await server.createDatabase("archive") });
await tuneForLoading(database);
await ensurePartitions(database, { now: Date.UTC(2026, 0, 15) });
await database.script(`
  insert into entries (posting_id, account, amount, kind, task_id, posted_at)
  select 'deposit:0x' || md5(n::text) || md5(n::text || 'x'), account, amount, 'deposit', null,
         timestamptz '2026-01-02Z' + n * interval '1 second'
    from generate_series(1, ${rows / 2}) as n, lateral (values ('chain', -1), ('available:0x' || md5((n % 1000)::text), 1)) as side (account, amount);
  insert into balances (account, amount) select account, sum(amount) from entries group by account`);

const folder = await mkdtemp(join(tmpdir(), "stoa-archive-"));
let bytes = 0;
const pathOf = (hash: Hash) => join(folder, hash.slice(2));
const objects: ArchiveObjects = {
  async put(content) {
    const hash = hashBytes(content);
    if (!existsSync(pathOf(hash))) bytes += content.length;
    await writeFile(pathOf(hash), content, { flush: true });
    return hash;
  },
  get: (hash) => readFile(pathOf(hash)),
};

/** Peaks are taken where pages are in memory. */
async function measure(work: (onProgress: () => void) => Promise<unknown>): Promise<{ ms: number; grownMb: number }> {
  const before = process.memoryUsage.rss();
  let most = before;
  const started = performance.now();
  await work(() => (most = Math.max(most, process.memoryUsage.rss())));
  return { ms: performance.now() - started, grownMb: (most - before) / MIB };
}

try {
  const run = { endedBefore: Date.UTC(2026, 1), partition: PARTITION };
  const archived = await measure((onProgress) => runArchive(database, objects, run, { onProgress }));
  const restored = await measure((onProgress) =>
    holdArchives(database, () => restorePartition(database, objects, PARTITION, { onProgress })),
  );
  const problems = await ledgerProblems(database);
  if (problems.length > 0) throw new Error(problems.join("\n"));
  const perSecond = ({ ms }: { ms: number }) => (rows / ms) * 1_000;
  printReport({
    name: "archive",
    title: `A partition of ${rows.toLocaleString("en")} entries to the object store and back`,
    columns: ["step", "rows/s", "seconds", "memory grown, MB"],
    rows: [
      ["archive, read back, drop", perSecond(archived), archived.ms / 1_000, archived.grownMb],
      ["restore, compare, attach", perSecond(restored), restored.ms / 1_000, restored.grownMb],
    ],
    figures: {
      archivedRowsPerSecond: perSecond(archived),
      restoredRowsPerSecond: perSecond(restored),
      archiveGrownMb: archived.grownMb,
      bytesPerRow: bytes / rows,
    },
    ratios: {},
    notes: [`${(bytes / rows).toFixed(0)} bytes a row in the object store.`],
  });
} finally {
  await rm(folder, { recursive: true, force: true });
}
