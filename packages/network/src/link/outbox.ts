import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { NetworkLog } from "../network-log.ts";
import { openAppendLog } from "../append-log.ts";

/** Numbers are reserved on disk in blocks, so that none is ever used twice whatever was lost with the memory. */
const BLOCK = 1_000_000;
/** The file is rewritten without what was acknowledged once it is this large and mostly dead. */
const COMPACT_AT_BYTES = 4 << 20;

type Entry = { session: string } | { reserved: number } | { seq: number; text: string } | { acked: number };

/** What a node must not forget: its numbering, and the messages that were not acknowledged. */
export interface Outbox {
  /** Names this numbering; it lives as long as the folder. */
  readonly session: string;
  /** Messages kept before this process began, in order. */
  readonly kept: readonly { seq: number; text: string }[];
  nextSeq(): number;
  /** Resolves once the message is on disk. */
  keep(seq: number, text: string): Promise<void>;
  /** Forgets every message up to `seq`, in time: after a crash some may come again. */
  acknowledge(seq: number): void;
  close(): Promise<void>;
}

function forget(live: Map<number, string>, seq: number): boolean {
  const before = live.size;
  for (const known of live.keys()) {
    if (known > seq) break;
    live.delete(known);
  }
  return live.size < before;
}

function replay(entries: readonly Entry[]): { session: string; reserved: number; live: Map<number, string> } {
  const state = { session: randomBytes(16).toString("hex"), reserved: 0, live: new Map<number, string>() };
  for (const entry of entries) {
    if ("session" in entry) state.session = entry.session;
    else if ("reserved" in entry) state.reserved = entry.reserved;
    else if ("acked" in entry) forget(state.live, entry.acked);
    else state.live.set(entry.seq, entry.text);
  }
  return state;
}

/**
 * Opens a node's outbox in a folder, which it makes when absent. One process at a time may hold a folder.
 * @throws {StoaError} `invalid_configuration` when its file is damaged before its end
 */
export async function openOutbox(folder: string, log: NetworkLog): Promise<Outbox> {
  const file = await openAppendLog(join(folder, "outbox.jsonl"));
  const state = replay(file.entries as Entry[]);
  const { live, session } = state;
  const kept = [...live].map(([seq, text]) => ({ seq, text }));
  let next = state.reserved + 1;
  state.reserved += BLOCK;
  const whole = (): Entry[] => [
    { session },
    { reserved: state.reserved },
    ...[...live].map(([seq, text]) => ({ seq, text })),
  ];
  let compacting = false;
  const report = (error: unknown) => log.error({ err: error }, "the outbox cannot be written");
  await file.rewrite(whole);

  function compact(): void {
    if (compacting || file.bytes() < COMPACT_AT_BYTES) return;
    const liveBytes = [...live.values()].reduce((sum, text) => sum + text.length, 0);
    if (liveBytes * 2 > file.bytes()) return;
    compacting = true;
    file
      .rewrite(whole)
      .catch(report)
      .finally(() => (compacting = false));
  }

  return {
    session,
    kept,
    nextSeq() {
      if (next + BLOCK / 2 > state.reserved) {
        state.reserved += BLOCK;
        file.append({ reserved: state.reserved }, true).catch(report);
      }
      return next++;
    },
    keep(seq, text) {
      live.set(seq, text);
      return file.append({ seq, text }, true);
    },
    acknowledge(seq) {
      if (!forget(live, seq)) return;
      // A lost note only brings messages again, which the market drops by their numbers.
      file.append({ acked: seq }, false).catch(report);
      compact();
    },
    close: () => file.close(),
  };
}
