import { mkdir, open, readFile, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { StoaError } from "@stoa/protocol";
import { memoryJournal } from "./memory-journal.ts";
import type { SenderJournal } from "./sender-journal.ts";
import type { SentIntent } from "./sent-intent.ts";

/**
 * A journal in a file, for one process at a time.
 * @param lock called once before the file is read: takes it for this process alone; needless when the caller has
 * locked its folder
 * @throws {StoaError} at its first use: `invalid_configuration` when the file is no journal, and what `lock` throws
 * @example
 * createSender(chain, account, { journal: fileJournal("data/sent.json") });
 */
export function fileJournal(file: string, lock: () => Promise<unknown> = async () => {}): SenderJournal {
  let opened: Promise<SenderJournal> | undefined;
  const journal = () =>
    (opened ??= (async () => {
      await lock();
      return memoryJournal(await read(file), (intents) => write(file, intents));
    })());
  return {
    begin: async (intent) => (await journal()).begin(intent),
    add: async (id, known, transaction) => (await journal()).add(id, known, transaction),
    settle: async (id, known, outcome) => (await journal()).settle(id, known, outcome),
    find: async (id) => (await journal()).find(id),
    listOfNonce: async (nonce) => (await journal()).listOfNonce(nonce),
    listOpen: async () => (await journal()).listOpen(),
  };
}

async function read(file: string): Promise<SentIntent[]> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
  try {
    const { intents } = JSON.parse(text) as { intents: SentIntent[] };
    if (intents.every(({ id, transactions }) => typeof id === "string" && transactions.length > 0)) return intents;
  } catch {
    // Said below, as for JSON of another form.
  }
  throw new StoaError(
    "invalid_configuration",
    `${file} is no journal of sent transactions: what it held may be in flight, so mend it or wait before removing it`,
  );
}

/** Whole, and on the disk with its name: what is sent afterwards is known whatever happens. */
async function write(file: string, intents: readonly SentIntent[]): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const fresh = await open(`${file}.next`, "w", 0o600);
  try {
    await fresh.writeFile(`${JSON.stringify({ intents }, null, 2)}\n`);
    await fresh.sync();
  } finally {
    await fresh.close();
  }
  await rename(`${file}.next`, file);
  if (process.platform === "win32") return;
  const folder = await open(dirname(file), "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
