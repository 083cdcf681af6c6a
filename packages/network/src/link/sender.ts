import { isKeptOnDisk, isNotice, type NodeMessage } from "@stoa/protocol";
import { messageText, type Outgoing } from "../stream/outgoing.ts";
import type { Outbox } from "./outbox.ts";

interface Waiting {
  seq: number;
  text: string;
  state: "writing" | "ready" | "lost";
}

/**
 * Gives a node's messages their numbers. A message that is kept on disk reaches the stream only when it
 * is there, and later ones wait for it: the numbers on the stream never fall.
 */
export function createSender(outbox: Outbox, outgoing: Outgoing, flushSoon: () => void) {
  const waiting: Waiting[] = [];
  for (const { seq, text } of outbox.kept) outgoing.enqueue(seq, text);

  function release(): void {
    for (let head = waiting[0]; head && head.state !== "writing"; head = waiting[0]) {
      waiting.shift();
      if (head.state === "ready") outgoing.enqueue(head.seq, head.text);
    }
    flushSoon();
  }

  async function keep(entry: Waiting): Promise<void> {
    try {
      await outbox.keep(entry.seq, entry.text);
      entry.state = "ready";
    } catch (error) {
      entry.state = "lost";
      throw error;
    } finally {
      release();
    }
  }

  return {
    /** Resolves with false when a message told once found no stream, and with true once one kept on disk is there. */
    async send(message: NodeMessage, connected: boolean): Promise<boolean> {
      const text = messageText(message);
      if (isNotice(message.type)) {
        const queued = connected && outgoing.notice(text);
        flushSoon();
        return queued;
      }
      const entry: Waiting = { seq: outbox.nextSeq(), text, state: isKeptOnDisk(message.type) ? "writing" : "ready" };
      waiting.push(entry);
      if (entry.state === "writing") await keep(entry);
      else release();
      return true;
    },
    acknowledge(seq: number): void {
      outgoing.acknowledge(seq);
      outbox.acknowledge(seq);
    },
    unacknowledged: () => outgoing.waiting().messages + waiting.length,
  };
}
