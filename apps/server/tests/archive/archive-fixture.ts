import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TaskId } from "@stoa/protocol";
import { type Database, ensurePartitions, runArchive } from "@stoa/store";
import { createMarketFixture, type FixtureNode, type MarketFixture } from "@stoa/testkit";
import type { LocalAccount } from "viem/accounts";
import { openFolderStore } from "../../src/objects/folder-store.ts";
import type { ObjectStore } from "../../src/objects/object-store.ts";

/** A month that is long over. */
export const OLD_MONTH = { from: Date.UTC(2026, 0), to: Date.UTC(2026, 1) };
const DAY_MS = 86_400_000;

/** A market that was at work in a month that is long over. */
export interface OldMarket extends AsyncDisposable {
  market: MarketFixture;
  objects: ObjectStore;
  objectsFolder: string;
  requester: LocalAccount;
  node: FixtureNode;
  /** Tasks of the old month, settled and confirmed on chain. */
  settled: TaskId[];
  /** Takes a task through its whole life, with logs. */
  complete(): Promise<TaskId>;
  /** Puts what was written now, by the database's clock, into the old month. */
  backdateLogs(): Promise<void>;
  archive(): ReturnType<typeof runArchive>;
}

export async function openOldMarket(database: Database): Promise<OldMarket> {
  const folder = await mkdtemp(join(tmpdir(), "stoa-archive-"));
  const objectsFolder = join(folder, "objects");
  const objects = openFolderStore(objectsFolder);
  const market = await createMarketFixture({ database, startAt: OLD_MONTH.from + 10 * DAY_MS });
  const requester = await market.requester();
  const node = await market.node();

  async function complete(): Promise<TaskId> {
    const taskId = await market.submit(requester);
    await market.round([[node, 5_000n]]);
    await market.start(taskId, node);
    await market.market.logExecution({
      taskId,
      node: node.key.address,
      executionId: "e0e0e0e0",
      firstSeq: 0,
      lines: [{ atMs: market.now(), text: 'a line with "quotes", \\ and\nlines' }],
    });
    await market.deliver(taskId, node);
    await market.accept(taskId, requester);
    await market.vault(await market.settledEvent(taskId));
    market.advance(1_000);
    return taskId;
  }

  const fixture: OldMarket = {
    market,
    objects,
    objectsFolder,
    requester,
    node,
    settled: [await complete(), await complete(), await complete()],
    complete,
    async backdateLogs() {
      await database.query("update execution_logs set written_at = $1 where written_at > now() - interval '1 day'", [
        new Date(OLD_MONTH.from + DAY_MS),
      ]);
      await ensurePartitions(database);
    },
    archive: () => runArchive(database, objects, { endedBefore: OLD_MONTH.to }),
    async [Symbol.asyncDispose]() {
      await market.market.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
  await fixture.backdateLogs();
  return fixture;
}

/** Every row of a table as the database itself writes it, in order. */
export async function textOf(database: Database, table: string): Promise<string> {
  const [row] = await database.query<{ text: string }>(
    `select coalesce(string_agg(row::text, e'\\n' order by row::text), '') as text from "${table}" as row`,
  );
  return row!.text;
}
